using System.Text.Json;
using System.Text.Json.Serialization;
using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Images;

/// <summary>Version, patches and commits → the tags that a publication writes.</summary>
interface ITags : IHazImages, IPatch
{
    [Parameter("Branch of this repository that images are tagged as builds of - Default is GITHUB_REF_NAME, or the branch that is checked out")]
    string? BuildBranch => TryGetValue(() => BuildBranch);

    Target Tags => _ => _
        .Description("Lists the tags that a publication of the selected images writes, and which of them move")
        .DependsOn<IPatch>(x => x.Patch)
        .TryAfter<IBuildService>(x => x.BuildService)
        .TryAfter<IJoin>(x => x.Join)
        .Executes(async () =>
        {
            var build = await BuildRevisionAsync();
            var registry = RepositoryName.Namespace(Registry);
            var origins = Problems.Collect(Selection, OriginOf).ToDictionary(x => x.Service);
            var services = Selection.Select(x => (Workspace: x, Image: TaggedServiceOf(origins[x])))
                .Select(x => (x.Workspace, x.Image, Tags: ImageTags.Of(x.Image, origins[x.Workspace].Of(build))))
                .ToList();
            ProblemException.ThrowIfAny(ImageTags.Clashes(services.Select(x => (x.Image, x.Tags))));
            Log.Information("This build is {Commit} of {Branch}{State}", build.ShortCommit, build.Branch,
                build.IsDirty ? ", with changes that it does not have: no tag but its own moves" : build.IsMain ? "" : $": no tag moves, as only those of {BuildRevision.Main} do");
            foreach (var (workspace, because) in origins.SelectMany(x => x.Value.NotCommitted, (x, y) => (x.Key, y)))
                Log.Warning("{Workspace}: {Because}: no tag but its own moves", workspace, because);
            var hasBase = ReportBase(registry, origins.Values.Any(x => x.NotCommitted.Count > 0)
                ? build with { IsDirty = true } : build);
            if (!hasBase && services.Count == 0)
                throw new ProblemException($"{BaseImages.PythonBase} is not built, and no service is selected: "
                    + "there is nothing to tag", $"Run the target {nameof(IBuildBase.BuildBase)} first");
            foreach (var (workspace, image, tags) in services) Report(workspace.Directory / "tags.json", RepositoryName.Of(registry, image.Service), tags);
        });

    static TaggedService TaggedServiceOf(ImageOrigin origin)
    {
        var source = origin.Source.Source;
        return new TaggedService(origin.Service.Component, origin.Service.Release.Name, source.Version,
            PatchesIn(origin),
            source.Source.Kind == RefKind.Branch ? source.Source.Ref.Replace("refs/heads/", "", StringComparison.Ordinal) : null,
            source.Source.Kind == RefKind.Local ? null : source.Source.Commit);
    }

    /// <summary>Those of the service, and those of the patched libraries that its image has: which it has, only the image knows.</summary>
    static int PatchesIn(ImageOrigin origin)
    {
        var patched = origin.Libraries.Where(x => x.Patches.Count > 0).ToList();
        var own = origin.Source.Patches.Count;
        if (patched.Count == 0) return own;
        var contents = ImageContents.Of(BuiltImage.Of(origin.Service).Open());
        return own + patched.Where(x => contents.Distributions.Contains(Constraints.PythonName.Of(x.Source.Distribution))).Sum(x => x.Patches.Count);
    }

    /// <summary>What an image was built from, or, where it is not built yet, would be: by what the stages have left,
    /// whatever this run was given.</summary>
    /// <exception cref="ProblemException">The image is of another source than the one that is patched now.</exception>
    ImageOrigin OriginOf(Workspace workspace)
    {
        var committed = workspace with { Release = Catalog.Releases[workspace.Release.Name] };
        return ImageOrigin.Read(workspace, [.. Libraries.Where(x => x.Release == workspace.Release)],
            component => committed.Release.SourceRefs.ContainsKey(component)
                ? RequestOf(committed with { Component = component }) : null);
    }

    static SealedTree SealedOf(Workspace workspace) => SealedTree.Read(Inputs.Require(workspace.SourceDirectory / "sealed.json", nameof(Patch)));

    /// <summary>Of the Python and the distribution that it has; known once it is built. <c>venv-builder</c> is never published.</summary>
    /// <returns>Whether it is built.</returns>
    bool ReportBase(string registry, BuildRevision build)
    {
        if (!Directory.Exists(PythonBase.Directory / "image")) return false;
        var contents = ImageContents.Of(PythonBase.Open());
        if (contents is not { Python: { } python, Codename: { } codename })
            throw new ProblemException($"{BaseImages.PythonBase} has no python3 or no VERSION_CODENAME in its os-release", "Start it from another image");
        Report(PythonBase.Directory / "tags.json", RepositoryName.Of(registry, BaseImages.PythonBase), ImageTags.OfBase(python, codename, build));
        return true;
    }

    void Report(AbsolutePath file, string repository, IReadOnlyList<ImageTag> tags)
    {
        AtomicFile.WriteText(file, JsonSerializer.Serialize(new PublishedTags(repository, [.. tags]), TagsJson.Default.PublishedTags) + "\n");
        Results.Table($"{repository} ({ShownAs(file)})", new TextTable(["tag", "moves", "meaning"], [.. tags.Select(x => (string[])[x.Name, x.Mutable ? "yes" : "no", x.Meaning])]));
    }

    /// <summary>What of this repository images are built from. Whether one is built from anything else, its
    /// <see cref="ImageOrigin"/> says.</summary>
    async Task<BuildRevision> BuildRevisionAsync()
    {
        var repository = new OwnRepository(RootDirectory / ".git");
        var head = await repository.HeadAsync("The tags of images name its commit");
        var branch = BuildBranch ?? (Environment.GetEnvironmentVariable("GITHUB_REF_TYPE") == "branch" ? Environment.GetEnvironmentVariable("GITHUB_REF_NAME") : null)
            ?? await repository.BranchAsync() ?? "detached";
        var changed = (await repository.Git.Command("status", "--porcelain").RequireAsync()).Text.Length > 0;
        return new BuildRevision(branch, head, changed);
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
