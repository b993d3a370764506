using System.Text.Json;
using System.Text.Json.Serialization;
using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>Version, patches and commits → the tags that a publication writes.</summary>
interface ITags : IHazImages, IPatch
{
    [Parameter("Branch of this repository that images are tagged as builds of - Default is GITHUB_REF_NAME, or the branch that is checked out")]
    string? BuildBranch => TryGetValue(() => BuildBranch);

    Target Tags => _ => _
        .Description("Lists the tags that a publication of the selected images writes, and which of them move")
        .DependsOn<IPatch>(x => x.Patch)
        .TryAfter<IBuildService>(x => x.BuildService)
        .Executes(async () =>
        {
            var build = await BuildRevisionAsync();
            var registry = RepositoryName.Namespace(Registry);
            var services = Selection.Select(x => (Workspace: x, Image: TaggedServiceOf(x))).Select(x => (x.Workspace, x.Image, Tags: ImageTags.Of(x.Image, build))).ToList();
            ProblemException.ThrowIfAny(ImageTags.Clashes(services.Select(x => (x.Image, x.Tags))));
            Log.Information("This build is {Commit} of {Branch}{State}", build.ShortCommit, build.Branch,
                build.IsDirty ? ", with changes that it does not have: no tag but its own moves" : build.IsMain ? "" : $": no tag moves, as only those of {BuildRevision.Main} do");
            ReportBase(registry, build);
            foreach (var (workspace, image, tags) in services) Report(workspace.Directory / "tags.json", RepositoryName.Of(registry, image.Service), tags);
        });

    TaggedService TaggedServiceOf(Workspace workspace)
    {
        var source = SealedOf(workspace).Source;
        return new TaggedService(workspace.Component, workspace.Release.Name, source.Version, PatchesIn(workspace),
            source.Source.Kind == RefKind.Branch ? source.Source.Ref.Replace("refs/heads/", "", StringComparison.Ordinal) : null,
            source.Source.Kind == RefKind.Local ? null : source.Source.Commit);
    }

    /// <summary>Those of the service, and those of the patched libraries that its image has: which it has, only the image knows.</summary>
    int PatchesIn(Workspace workspace)
    {
        var patched = Libraries.Where(x => x.Release == workspace.Release).Select(SealedOf).Where(x => x.Patches.Count > 0).ToList();
        var own = SealedOf(workspace).Patches.Count;
        if (patched.Count == 0) return own;
        var contents = ImageContents.Of(OciLayout.Open(Inputs.Require(workspace.Directory / "image", nameof(IBuildService.BuildService))));
        return own + patched.Where(x => contents.Distributions.Contains(Constraints.PythonName.Of(x.Source.Distribution))).Sum(x => x.Patches.Count);
    }

    static SealedTree SealedOf(Workspace workspace) => SealedTree.Read(Inputs.Require(workspace.SourceDirectory / "sealed.json", nameof(Patch)));

    /// <summary>Of the Python and the distribution that it has; known once it is built. <c>venv-builder</c> is never published.</summary>
    void ReportBase(string registry, BuildRevision build)
    {
        if (!Directory.Exists(PythonBase.Directory / "image")) return;
        var contents = ImageContents.Of(PythonBase.Open());
        if (contents is not { Python: { } python, Codename: { } codename })
            throw new ProblemException($"{BaseImages.PythonBase} has no python3 or no VERSION_CODENAME in its os-release", "Start it from another image");
        Report(PythonBase.Directory / "tags.json", RepositoryName.Of(registry, BaseImages.PythonBase), ImageTags.OfBase(python, codename, build));
    }

    void Report(AbsolutePath file, string repository, IReadOnlyList<ImageTag> tags)
    {
        AtomicFile.WriteText(file, JsonSerializer.Serialize(new PublishedTags(repository, [.. tags]), TagsJson.Default.PublishedTags) + "\n");
        Results.Table($"{repository} ({ShownAs(file)})", new TextTable(["tag", "moves", "meaning"], [.. tags.Select(x => (string[])[x.Name, x.Mutable ? "yes" : "no", x.Meaning])]));
    }

    async Task<BuildRevision> BuildRevisionAsync()
    {
        var git = new Git { Directory = RootDirectory / ".git", WorkTree = RootDirectory };
        var head = await git.Command("rev-parse", "--verify", "--quiet", "HEAD").RunAsync();
        if (!head.Succeeded) throw new ProblemException($"{RootDirectory} is no git repository with a commit; the tags of images name it", "Clone the repository, or commit");
        var branch = BuildBranch ?? (Environment.GetEnvironmentVariable("GITHUB_REF_TYPE") == "branch" ? Environment.GetEnvironmentVariable("GITHUB_REF_NAME") : null)
            ?? ((await git.Command("symbolic-ref", "--quiet", "--short", "HEAD").RunAsync()).Text is { Length: > 0 } name ? name : "detached");
        var changed = (await git.Command("status", "--porcelain").RequireAsync()).Text.Length > 0;
        return new BuildRevision(branch, head.Text, changed || Ref.Length > 0 || Source.Length > 0);
    }
}

/// <summary><c>tags.json</c>: what a publication reads.</summary>
/// <param name="Repository">Registry, namespace and image.</param>
/// <param name="Tags">The tags.</param>
sealed record PublishedTags(string Repository, ImageTag[] Tags)
{
    /// <exception cref="ProblemException">It is none.</exception>
    public static PublishedTags Read(AbsolutePath file)
    {
        try
        {
            return JsonSerializer.Deserialize(Utf8File.Read(file, file), TagsJson.Default.PublishedTags) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new ProblemException(new Problem($"is no list of tags: {e.Message}", file, Remedy: "Run the target Tags"), e);
        }
    }
}

[JsonSerializable(typeof(PublishedTags))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
sealed partial class TagsJson : JsonSerializerContext;
