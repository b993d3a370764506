using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Constraints;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Sbom;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>Image → what it is made of.</summary>
interface ISbom : IBuildService
{
    [Parameter("Version of CycloneDX that SBOMs are written in: '1.5' or '1.6' - Default is '1.6'")]
    string CyclonedxVersion => TryGetValue(() => CyclonedxVersion) ?? "1.6";

    Target Sbom => _ => _
        .Description("Lists what the selected images and python-base are made of: CycloneDX, one document per platform")
        .DependsOn<IBuildService>(x => x.BuildService)
        .Executes(async () =>
        {
            var version = SbomFiles.VersionOf(CyclonedxVersion);
            var registry = RepositoryName.Namespace(Registry);
            var pythonBase = Bases.Open(BaseImages.PythonBase);
            var made = new List<string>();
            if (await WriteAsync(ArtifactsDirectory / "base" / BaseImages.PythonBase, new BomSubject(BaseImages.PythonBase, registry, []), new Dictionary<string, string>(), version)) made.Add(BaseImages.PythonBase);
            foreach (var workspace in Selection)
            {
                var (subject, inputs) = SubjectOf(workspace, registry, pythonBase);
                if (await WriteAsync(workspace.Directory, subject, inputs, version)) made.Add($"{workspace}");
            }

            ReportSummary(x => x.AddPair("Listed", made.Count == 0 ? "nothing, up to date" : string.Join(", ", made)));
        });

    async Task<bool> WriteAsync(AbsolutePath directory, BomSubject subject, IReadOnlyDictionary<string, string> known, CycloneDX.SpecificationVersion version)
    {
        var layout = OciLayout.Open(Inputs.Require(directory / "image", nameof(BuildService)));
        var inputs = new StageInputs().Add("image.digest", layout.Digest).Add("cyclonedx", CyclonedxVersion).Add("registry", subject.Registry).Add("base.layers", string.Join(' ', subject.BaseDiffIds))
            // Another version of this code may see more.
            .Add("written-by", $"{typeof(ISbom).Assembly.ManifestModule.ModuleVersionId}");
        foreach (var (name, value) in known) inputs.Add(name, value);
        var made = await new Stage(directory / "sbom", inputs).MakeAsync(aside =>
        {
            SbomFiles.Write(layout, subject, version, aside);
            return Task.CompletedTask;
        });
        foreach (var file in (directory / "sbom").GlobFiles("*.cdx.json")) Log.Information("{File} ({State})", ShownAs(file), made ? "written" : "up to date");
        return made;
    }

    /// <summary>What the stages before know of an image, and what of that its SBOM depends on.</summary>
    (BomSubject Subject, IReadOnlyDictionary<string, string> Inputs) SubjectOf(Workspace workspace, string registry, OciLayout pythonBase)
    {
        var inputs = new Dictionary<string, string>();
        var sources = new Dictionary<PythonName, BuiltSource>();
        foreach (var component in Libraries.Where(x => x.Release == workspace.Release).Append(workspace))
        {
            var file = Pipeline.Inputs.Require(component.SourceDirectory / "sealed.json", nameof(Patch));
            inputs.Add($"source.{component.Component}", Digest.OfFile(file));
            var tree = SealedTree.Read(file);
            sources[PythonName.Of(tree.Source.Distribution)] = new BuiltSource(tree, component == workspace, new Dictionary<string, byte[]>());
        }

        var extras = workspace.Release.PackagesOf(workspace.Component).PipExtras;
        inputs.Add("extras", string.Join(' ', extras));
        var service = sources.Single(x => x.Value.IsService).Key;
        return (new BomSubject(workspace.Component, registry, pythonBase.ReadConfig().DiffIds)
        {
            Sources = sources,
            Extras = new Dictionary<PythonName, IReadOnlyList<string>> { [service] = extras },
        }, inputs);
    }
}
