using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Locks;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Sbom;
using OpenStack.Storage;
using OpenStack.Wheels;
using Serilog;

namespace OpenStack.Pipeline.SupplyChain;

/// <summary>Image → what it is made of.</summary>
interface ISbom : IBuildService, IConstraintDiff
{
    [Parameter("Version of CycloneDX that SBOMs are written in: '1.5', '1.6' or '1.7' - Default is '1.6'")]
    string CyclonedxVersion => TryGetValue(() => CyclonedxVersion) ?? "1.6";

    /// <summary>By which the record of an SBOM names its image.</summary>
    const string ImageDigest = "image.digest";

    Target Sbom => _ => _
        .Description("Lists what the selected images and python-base are made of: CycloneDX, one document per platform")
        .DependsOn<IBuildService>(x => x.BuildService)
        .TryAfter<IJoin>(x => x.Join)
        .Executes(async () =>
        {
            var version = SbomFiles.VersionOf(CyclonedxVersion);
            var registry = RepositoryName.Namespace(Registry);
            var baseLayers = BaseLayersOf(PythonBase.Open());
            var written = await EachAsync(Images, x => x.Service, async (image, _) =>
            {
                var (subject, inputs) = image.Service is { } service
                    ? SubjectOf(service, registry, baseLayers)
                    : (new BomSubject(image.Name, registry), new Dictionary<string, string>());
                return await WriteAsync(image, subject, inputs, version) ? $"{image}" : null;
            }, atOnce: 1);
            var made = written.OfType<string>().ToList();
            ReportSummary(x => x.AddPair("Listed", made.Count == 0 ? "nothing, up to date" : string.Join(", ", made)));
        });

    /// <summary>How many layers each platform of the base image has.</summary>
    static IReadOnlyDictionary<string, int> BaseLayersOf(OciLayout pythonBase) =>
        pythonBase.Manifests().ToDictionary(x => x.Platform!, x => pythonBase.ReadManifest(x.Digest).Layers.Count);

    async Task<bool> WriteAsync(BuiltImage image, BomSubject subject, IReadOnlyDictionary<string, string> known,
        CycloneDX.SpecificationVersion version)
    {
        var layout = image.Open();
        var inputs = new StageInputs().Add(ImageDigest, layout.Digest).Add("cyclonedx", CyclonedxVersion)
            .Add("registry", subject.Registry)
            .Add("base.layers", string.Join(' ', subject.BaseLayers.Select(x => $"{x.Key}={x.Value}")))
            // Another version of this code may see more.
            .Add("written-by", $"{typeof(ISbom).Assembly.ManifestModule.ModuleVersionId}");
        foreach (var (name, value) in known) inputs.Add(name, value);
        IReadOnlyList<(string Platform, string Warning)> warnings = [];
        var made = await new Stage(image.SbomDirectory, inputs).MakeAsync(aside =>
        {
            warnings = SbomFiles.Write(layout, subject, version, aside);
            return Task.CompletedTask;
        });
        foreach (var (platform, warning) in warnings)
            Log.Warning("{Image} {Platform}: {Warning}", image, platform, warning);
        foreach (var file in image.SbomDirectory.GlobFiles("*.cdx.json"))
            Log.Information("{File} ({State})", ShownAs(file), made ? "written" : "up to date");
        return made;
    }

    /// <summary>The SBOM that was written of one platform of an image, of this very image.</summary>
    /// <exception cref="ProblemException">There is none, or it is of another image.</exception>
    static AbsolutePath SbomOf(BuiltImage image, OciDescriptor manifest)
    {
        var file = Inputs.Require(image.SbomDirectory / SbomFiles.NameOf(manifest.Platform!), nameof(Sbom));
        var record = new Stage(image.SbomDirectory, new StageInputs()).InputsFile;
        if (File.Exists(record) && StageInputs.Read(record).Values.GetValueOrDefault(ImageDigest) is { } of
            && of != image.Open().Digest)
            throw new ProblemException($"{file} is of the image {of}, and {image} is {image.Open().Digest} now",
                $"Run the target {nameof(Sbom)} first");
        return file;
    }

    /// <summary>What the stages before know of an image, and what of that its SBOM depends on.</summary>
    (BomSubject Subject, IReadOnlyDictionary<string, string> Inputs) SubjectOf(Workspace workspace, string registry,
        IReadOnlyDictionary<string, int> baseLayers)
    {
        var built = SourcesOf(workspace).ToDictionary(x => x.Workspace, x => x.Source);
        var changes = DiffOf(workspace.Release).Changes;
        var packages = workspace.Release.PackagesOf(workspace.Component);
        var distribution = built[workspace].Tree.Source.Distribution;
        var extras = RequestedExtras.Of(distribution, packages.PipExtras, packages.PipPackages);
        var inputs = built.ToDictionary(x => $"source.{x.Key.Component}", x => Digest.OfFile(x.Key.SealedFile));
        foreach (var (component, source) in built)
            inputs.Add($"patches.{component.Component}",
                string.Join(' ', source.PatchTexts.Keys.Order(StringComparer.Ordinal)));
        var asked = extras.Select(x => $"{x.Key}[{string.Join(',', x.Value)}]").Order(StringComparer.Ordinal);
        inputs.Add("extras", string.Join(' ', asked));
        var files = FilesOf(BuiltImage.Of(workspace));
        foreach (var (platform, file) in files) inputs.Add($"distributions.{platform}", Digest.OfFile(file));
        var unlocked = Platforms.ToDictionary(x => x, x => UnlockedOf(workspace, x));
        inputs.Add("unlocked", Digest.OfText(string.Join('\n', unlocked.SelectMany(x => x.Value))));
        inputs.Add("constraint-changes",
            Digest.OfText(string.Join('\n', changes.Select(x => $"{x} {x.File}:{x.Line}"))));
        return (new BomSubject(workspace.Component, registry)
        {
            BaseLayers = baseLayers,
            Sources = built.Where(x => x.Value.Kind == ImageKind.Python)
                .ToDictionary(x => PythonName.Of(x.Value.Tree.Source.Distribution), x => x.Value),
            Natives = [.. built.Values.Where(x => x.Kind == ImageKind.Native).Select(NativeSource.Of)
                .OrderByDescending(x => x.IsService)],
            Extras = extras,
            Files = files.ToDictionary(x => x.Key, x => DistributionFiles.Find(x.Value.Parent!)!),
            Unlocked = unlocked,
            Changes = changes,
        }, inputs);
    }

    /// <summary>What the lock of an image names without a digest; without a lock, nobody says.</summary>
    IReadOnlyList<string> UnlockedOf(Workspace workspace, string platform) =>
        SubjectOf(workspace, platform) is var subject && File.Exists(subject.FileBelow(RefLocks))
            ? [.. LockOf(subject).Inputs.OfType<UnlockedInput>().Select(x => $"{x.Name} {x.Why}")]
            : [];

    /// <summary>
    /// The records of which files the distributions of an image came from, by platform, where there are any.
    /// </summary>
    static Dictionary<string, AbsolutePath> FilesOf(BuiltImage image) =>
        image.Open().Manifests().Select(x => x.Platform).OfType<string>().Distinct()
            .Select(x => (Platform: x, File: image.PartOf(x) / DistributionFiles.FileName))
            .Where(x => Path.Exists(x.File)).ToDictionary(x => x.Platform, x => x.File);

    /// <summary>The vulnerabilities that patches mend in an image, of the SBOM of one of its platforms.</summary>
    IReadOnlyList<MendedVulnerability> MendedIn(Workspace workspace, BomList sbom) =>
        Vex.MendedIn(sbom, SourcesOf(workspace).Select(x => x.Source));

    /// <summary>What documents about that are of.</summary>
    BomSubject VexSubjectOf(Workspace workspace) =>
        new(workspace.Component, RepositoryName.Namespace(Registry));

    /// <summary>The service and the libraries that are built from source for its release.</summary>
    IEnumerable<(Workspace Workspace, BuiltSource Source)> SourcesOf(Workspace service)
    {
        foreach (var workspace in LibrariesOf(service).Append(service))
        {
            var tree = SealedOf(workspace);
            // A file that has changed since is not the patch that was applied.
            var texts = Catalog.Patches.Of(workspace.Component, workspace.Release.Name)
                .Where(x => tree.Patches.Any(patch => patch.Name == x.Name && patch.Digest == Digest.OfFile(x)))
                .ToDictionary(x => x.Name, x => File.ReadAllBytes(x));
            yield return (workspace, new BuiltSource(tree, workspace == service, texts)
            {
                Kind = Catalog.KindOf(workspace.Component),
            });
        }
    }
}
