using Nuke.Common;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Sources;
using Serilog;

namespace OpenStack.Pipeline.Images;

/// <summary>Version, patches and commits → the tags that a publication writes.</summary>
interface ITags : IHazImages, IPatch
{
    [Parameter("Branch of this repository that images are tagged as builds of - Default is GITHUB_REF_NAME, or the "
        + "branch that is checked out")]
    string? BuildBranch => TryGetValue(() => BuildBranch);

    Target Tags => _ => _
        .Description("Lists the tags that a publication of the selected images writes, and which of them move")
        .DependsOn<IPatch>(x => x.Patch)
        .TryAfter<IBuildService>(x => x.BuildService)
        .TryAfter<IJoin>(x => x.Join)
        .Executes(async () =>
        {
            var build = await BuildRevisionAsync();
            Log.Information("This build is {Build}", build);
            var origins = Each(Selection, x => x, OriginOf);
            var services = origins.Select(x => (Origin: x, Tags: ImageTags.Of(x.Tagged, x.Of(build)))).ToList();
            ProblemException.ThrowIfAny(ImageTags.Clashes(services.Select(x => (x.Origin.Tagged, x.Tags))));
            foreach (var (origin, because) in origins.SelectMany(x => x.NotCommitted, (x, y) => (x, y)))
                Log.Warning("{Workspace}: {Because}: no tag but its own moves", origin.Service, because);
            var images = services.Select(x => (Image: BuiltImage.Of(x.Origin.Service), x.Tags)).ToList();
            if (IsBaseBuilt(otherwise: images.Count > 0))
                images.Insert(0, (PythonBase, ImageTags.OfBase(ImageContents.Of(PythonBase.Open()),
                    origins.Aggregate(build, (x, origin) => origin.Of(x)))));
            foreach (var (image, tags) in images) Write(image, tags);
        });

    /// <summary><c>python-base</c> is published once it is built, and <c>venv-builder</c> never.</summary>
    /// <param name="otherwise">Whether there is anything else to tag.</param>
    /// <exception cref="ProblemException">There is nothing at all.</exception>
    bool IsBaseBuilt(bool otherwise)
    {
        if (!PythonBase.IsBuilt && !otherwise)
            throw new ProblemException($"{BaseImages.PythonBase} is not built, and no service is selected: there is "
                + "nothing to tag", $"Run the target {nameof(IBuildBase.BuildBase)} first");
        return PythonBase.IsBuilt;
    }

    /// <summary>What an image was built from, or, where it is not built yet, would be: by what the stages have left,
    /// whatever this run was given.</summary>
    /// <exception cref="ProblemException">The image is of another source than the one that is patched now.</exception>
    ImageOrigin OriginOf(Workspace workspace)
    {
        var committed = workspace with { Release = Catalog.Releases[workspace.Release.Name] };
        return ImageOrigin.Read(workspace, LibrariesOf(workspace), Catalog.KindOf(workspace.Component),
            component => committed.Release.SourceRefs.ContainsKey(component)
                ? RequestOf(committed with { Component = component }) : null);
    }

    void Write(BuiltImage image, IReadOnlyList<ImageTag> tags)
    {
        var (repository, file) = (RepositoryName.Of(RepositoryName.Namespace(Registry), image.Name), image.TagsFile);
        new PublishedTags(repository, [.. tags]).Write(file);
        Results.Table($"{repository} ({ShownAs(file)})", ImageTags.TableOf(tags));
    }

    /// <summary>What of this repository images are built from. Whether one is built from anything else, its
    /// <see cref="ImageOrigin"/> says.</summary>
    async Task<BuildRevision> BuildRevisionAsync()
    {
        var repository = new OwnRepository(RootDirectory / ".git");
        var head = await repository.HeadAsync("The tags of images name its commit");
        var branch = BuildBranch
            ?? (Environment.GetEnvironmentVariable("GITHUB_REF_TYPE") == "branch"
                ? Environment.GetEnvironmentVariable("GITHUB_REF_NAME")
                : null)
                ?? await repository.BranchAsync() ?? "detached";
        var changed = (await repository.Git.Command("status", "--porcelain").RequireAsync()).Text.Length > 0;
        return new BuildRevision(branch, head, changed);
    }
}
