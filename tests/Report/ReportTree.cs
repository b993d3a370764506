using System.Text;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Oci;
using OpenStack.Report;
using OpenStack.Storage;
using OpenStack.Tests.Oci;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Report;

/// <summary>A repository with artifacts that a report is written of.</summary>
sealed class ReportTree : IDisposable
{
    public static readonly DateTimeOffset Day = new(2026, 12, 1, 2, 3, 4, TimeSpan.Zero);

    readonly TemporaryDirectory _directory = new();
    readonly List<ImagePlace> _places = [];

    public void Dispose() => _directory.Dispose();

    public AbsolutePath Root => _directory.Path;

    public AbsolutePath Artifacts => Root / "artifacts";

    public AbsolutePath Pages => Artifacts / "report";

    public IReadOnlyList<ImagePlace> Places => _places;

    /// <summary>An image in the catalog; of a release, unless it is that which others are built on.</summary>
    /// <param name="component">What is built from source for it besides itself.</param>
    public ImagePlace Place(string name, string? release = "2025.1", params IReadOnlyList<string> component)
    {
        var directory = Artifacts / (release ?? "base") / name;
        var place = new ImagePlace(name, release, $"registry.example.org/{name}")
        {
            Ref = release is null ? null : "31.0.0",
            RefFile = release is null ? "" : $"releases/{release}/source-refs.yaml",
            Components = release is null ? [] : [.. component.Prepend(name).Select(x => new ComponentPlace(x,
                Artifacts / release / x / "source" / "sealed.json", [.. PatchesOf(x, release)]))],
            Layout = directory / "image",
            Inputs = directory / "inputs.json",
            Sboms = directory / "sbom",
            Scans = directory / "scan",
            Signatures = directory / "signatures",
            Published = directory / "published.json",
            Notes = directory / "notes" / "release-notes.json",
            PartOf = x => directory / "platforms" / PlatformName.ForFiles(x),
            BuiltBy = "BuildService",
            TestsOf = x => [("TestImage", directory / "platforms" / PlatformName.ForFiles(x) / "test-result.json")],
        };
        _places.Add(place);
        if (release is not null) Write($"releases/{release}/source-refs.yaml", "");
        if (release is not null) Write($"releases/{release}/series.yaml", "");
        return place;
    }

    AbsolutePath[] PatchesOf(string component, string release) =>
        Root / "patches" / component / release is var directory && Directory.Exists(directory)
            ? [.. Directory.GetFiles(directory).Order(StringComparer.Ordinal).Select(x => (AbsolutePath)x)] : [];

    /// <summary>Builds its image.</summary>
    /// <returns>The digest of its manifest.</returns>
    public string Build(ImagePlace place, IReadOnlyList<(int Seed, int Size)> layers, string version = "31.0.0",
        IReadOnlyDictionary<string, string>? inputs = null)
    {
        var image = TestImage.Make(place.Layout.Parent!, place.Name, layers, [], _ => new Dictionary<string, string>
        {
            ["org.opencontainers.image.version"] = version,
            ["org.opencontainers.image.source"] = "https://opendev.org/openstack/nova",
        });
        Directory.Delete(place.Signatures, recursive: true);
        AtomicFile.WriteText(place.Inputs,
            ReadableJson.Text(inputs ?? new Dictionary<string, string> { ["source.revision"] = "f5f2c735" }));
        return image.Layout.Digest;
    }

    /// <summary>Writes an SBOM of that digest.</summary>
    public static void List(ImagePlace place, string digest,
        params IEnumerable<(string Kind, string Name, string Version)> of) =>
        AtomicFile.WriteText(place.Sboms / "linux-amd64.cdx.json", new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["metadata"] = Subject(digest),
            ["components"] = new JsonArray([.. of.Select(x => new JsonObject
            {
                ["type"] = "library",
                ["name"] = x.Name,
                ["version"] = x.Version,
                ["purl"] = $"pkg:{x.Kind}/x/{Uri.EscapeDataString(x.Name)}@{Uri.EscapeDataString(x.Version)}",
            })]),
        }.ToJsonString());

    /// <summary>Writes what a scanner has found in an image, and what patches mend of it.</summary>
    public static void Scan(ImagePlace place, string digest, string findings, params IEnumerable<string> mended)
    {
        AtomicFile.WriteText(place.Scans / "linux-amd64.vex.cdx.json", new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["metadata"] = Subject(digest),
            ["vulnerabilities"] = new JsonArray([.. mended.Select(x => new JsonObject
            {
                ["bom-ref"] = x,
                ["id"] = x.Split(' ')[0],
                ["analysis"] = new JsonObject { ["state"] = "resolved", ["detail"] = "built with 0001-mend.patch" },
            })]),
        }.ToJsonString());
        AtomicFile.WriteText(place.Scans / "linux-amd64.grype.json", findings);
    }

    static JsonObject Subject(string digest) => new()
    {
        ["component"] = new JsonObject
        {
            ["hashes"] = new JsonArray(new JsonObject
            {
                ["alg"] = "SHA-256",
                ["content"] = digest["sha256:".Length..],
            }),
        },
    };

    public void Write(string file, string text) => AtomicFile.WriteText(Root / file, text);

    /// <summary>Reads everything, and writes the pages.</summary>
    public async Task<Overview> ReportAsync(DateTimeOffset? at = null)
    {
        var directory = new ReportDirectory(Artifacts);
        var series = new Series("2025.1", "epoxy", SeriesStatus.Unmaintained) { Since = new DateOnly(2026, 10, 2) };
        var overview = await Overview.ReadAsync(Root, directory, at ?? Day, [.. _places.Select(x => x.Release)
            .OfType<string>().Distinct().Select(x => new ReportedRelease(x, series.Title, series.Recorded,
                $"releases/{x}/series.yaml"))], _places);
        directory.Write(overview);
        return overview;
    }

    public string Page(string name) => File.ReadAllText(Pages / name, Encoding.UTF8);
}
