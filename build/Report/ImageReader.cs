using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Sbom;
using OpenStack.Storage;

namespace OpenStack.Report;

/// <summary>Reads what is known of an image: the image itself, its SBOM and what a scanner has found.</summary>
sealed class ImageReader(ReportFiles files)
{
    const string Sbom = "Sbom", Scan = "Scan";

    public Fact<ImageBuild> Build(ImagePlace place)
    {
        if (!Directory.Exists(place.Layout)) return Fact.NotKnown<ImageBuild>(place.BuiltBy);
        var layout = OciLayout.Open(place.Layout);
        files.Shown(place.Layout / "oci-layout");
        var platforms = layout.Manifests().Select(x => PlatformOf(layout, x)).ToList();
        var config = layout.ReadConfig();
        string Label(string name) => config.Labels.GetValueOrDefault($"org.opencontainers.image.{name}", "");
        return Fact.Of(new ImageBuild(layout.Digest, Label("version"), Label("revision"), Label("source"),
            config.Created.ToString("yyyy-MM-dd HH:mm 'UTC'"), platforms), files.Shown(place.Layout / "index.json"));
    }

    ReportedPlatform PlatformOf(OciLayout layout, OciDescriptor descriptor)
    {
        var manifest = layout.ReadManifest(descriptor.Digest);
        foreach (var part in (string[])[layout.Digest, descriptor.Digest, manifest.Config.Digest])
            files.Shown(layout.Blob(part));
        // Read as what its digest says first.
        var platform = layout.ReadConfig(manifest).Platform;
        var made = OciJson.Parse(File.ReadAllBytes(layout.Blob(manifest.Config.Digest)), HistoryIn);
        return new ReportedPlatform(descriptor.Platform ?? platform, descriptor.Digest, manifest.Config.Size,
            [.. manifest.Layers.Select((x, i) =>
                new ReportedLayer(x.Digest, x.Size, made.ElementAtOrDefault(i) ?? ""))]);
    }

    /// <summary>What made each layer (OCI image specification 1.1, config.md, "history").</summary>
    static List<string> HistoryIn(JsonElement config) => config.TryGetProperty("history", out var history)
        && history.ValueKind == JsonValueKind.Array
        ? [.. history.EnumerateArray().Where(x => !IsEmpty(x)).Select(MadeBy)] : [];

    static bool IsEmpty(JsonElement entry) => entry.ValueKind == JsonValueKind.Object
        && entry.TryGetProperty("empty_layer", out var empty) && empty.ValueKind == JsonValueKind.True;

    /// <summary>Without the arguments that BuildKit writes before the command of a step.</summary>
    static string MadeBy(JsonElement entry)
    {
        var text = OciJson.Text(entry, "created_by") ?? OciJson.Text(entry, "comment") ?? "";
        return text.StartsWith("RUN |", StringComparison.Ordinal)
            && text.IndexOf(" /bin/sh -c ", StringComparison.Ordinal) is >= 0 and var at
            ? $"RUN {text[(at + " /bin/sh -c ".Length)..]}" : text;
    }

    public Fact<PackageList> Packages(ImagePlace place, ImageBuild? build)
    {
        if (build is null) return Fact.NotKnown<PackageList>(Sbom);
        var found = new Dictionary<(string, string, string), (ReportedPackage Package, List<string> Platforms,
            List<string> Layers)>();
        var (withoutLicense, from) = (0, "");
        foreach (var platform in build.Platforms)
        {
            var file = place.Sboms / SbomFiles.NameOf(platform.Platform);
            if (!File.Exists(file)) return Fact.NotKnown<PackageList>(Sbom);
            var (digest, packages, unlicensed) = BomJson.Read(Utf8File.Read(file, files.Shown(file)),
                files.Shown(file), x => (BomJson.DigestOf(BomJson.SubjectOf(x)), BomJson.Components(x, PackageOf),
                    BomJson.Components(x, IsUnlicensed).Count(y => y)));
            if (digest != platform.Digest)
                return Fact.NotKnown<PackageList>(Sbom, "there is an SBOM of another image");
            if (from.Length == 0) (from, withoutLicense) = (files.Shown(file), unlicensed);
            foreach (var package in packages)
            {
                var key = (package.Kind, package.Name, package.Version);
                if (!found.TryGetValue(key, out var known)) found[key] = known = (package, [], []);
                known.Platforms.Add(platform.Platform);
                known.Layers.AddRange(package.Layers);
            }
        }

        return Fact.Of(new PackageList([.. found.Values
            .Select(x => x.Package with
            {
                Platforms = Some([.. x.Platforms.Distinct()], build),
                Layers = [.. x.Layers.Distinct()],
            })
            .OrderBy(x => x.Kind, StringComparer.Ordinal).ThenBy(x => x.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(x => x.Version, StringComparer.Ordinal)], withoutLicense), from);
    }

    static string Some(List<string> platforms, ImageBuild build) =>
        platforms.Count == build.Platforms.Count ? "" : string.Join(", ", platforms);

    static ReportedPackage PackageOf(JsonElement component) => new(
        BomJson.KeyOf(component).Split('/')[0], BomJson.Text(component, "name") ?? "",
        BomJson.Text(component, "version") ?? "",
        BomJson.PropertiesOf(component).GetValueOrDefault(BomProperties.LayerDigest) is { } layer ? [layer] : [], "");

    static bool IsUnlicensed(JsonElement component) =>
        BomJson.Text(component, "type") != "file" && !BomJson.Items(component, "licenses").Any();

    /// <summary>What patches mend, by what Scan has written of this very image.</summary>
    public Fact<IReadOnlyList<MendedFinding>> Vex(ImagePlace place, ImageBuild? build)
    {
        var (all, from) = (new List<MendedFinding>(), "");
        foreach (var platform in build?.Platforms ?? [])
        {
            var fact = files.Read(FileOf(place, platform, ".vex.cdx.json"), Scan, x => Tuple.Create(
                BomJson.DigestOf(BomJson.SubjectOf(x)), BomJson.Items(x, "vulnerabilities").Select(MendedIn).ToList()));
            if (fact.Value is not var (digest, mended)) return Fact.NotKnown<IReadOnlyList<MendedFinding>>(Scan);
            if (digest != platform.Digest)
                return Fact.NotKnown<IReadOnlyList<MendedFinding>>(Scan, "there is a scan of another image");
            all.AddRange(mended);
            if (from.Length == 0) from = fact.From;
        }

        return build is null ? Fact.NotKnown<IReadOnlyList<MendedFinding>>(Scan)
            : Fact.Of<IReadOnlyList<MendedFinding>>([.. all.Distinct()], from);
    }

    /// <param name="vex">Findings do not say which image they are of: what is written with them does.</param>
    public Fact<IReadOnlyList<ReportedFinding>> Findings(ImagePlace place, ImageBuild? build,
        Fact<IReadOnlyList<MendedFinding>> vex)
    {
        if (vex.Value is not { } mended) return Fact.NotKnown<IReadOnlyList<ReportedFinding>>(Scan, vex.Because);
        var scans = build!.Platforms.Select(x => FileOf(place, x, ".grype.json")).ToList();
        if (scans.Exists(x => !File.Exists(x)))
            return Fact.NotKnown<IReadOnlyList<ReportedFinding>>(Scan, "there is VEX, and no scanner has run");
        return Fact.Of<IReadOnlyList<ReportedFinding>>([.. scans
            .SelectMany(x => Grype.Parse(Utf8File.Read(x, files.Shown(x)), files.Shown(x)))
            .Select(x => FindingOf(x, mended)).DistinctBy(x => (x.Ids[0], x.Component, x.Version))
            .OrderByDescending(x => x.Severity).ThenBy(x => x.Ids[0], StringComparer.Ordinal)], files.Shown(scans[0]));
    }

    static AbsolutePath FileOf(ImagePlace place, ReportedPlatform platform, string extension) =>
        place.Scans / $"{PlatformName.ForFiles(platform.Platform)}{extension}";

    static MendedFinding MendedIn(JsonElement json)
    {
        var (id, analysis) = (BomJson.Text(json, "id") ?? "", BomJson.Member(json, "analysis"));
        // As this build names an entry: the vulnerability and the component.
        var reference = BomJson.Text(json, "bom-ref") ?? "";
        return new MendedFinding(id, reference.StartsWith($"{id} ", StringComparison.Ordinal)
            ? reference[(id.Length + 1)..] : "", BomJson.Text(analysis, "state") ?? "",
            BomJson.Text(analysis, "detail") ?? "");
    }

    static ReportedFinding FindingOf(Finding x, IReadOnlyList<MendedFinding> mended) => new(x.Ids, (int)x.Severity,
        x.Severity.ToString().ToLowerInvariant(), x.Component, x.Version, x.FixedIn,
        mended.Any(y => y.Component == x.Component && x.Ids.Contains(y.Id, StringComparer.OrdinalIgnoreCase)));
}
