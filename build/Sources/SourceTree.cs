using System.Text.Json;
using LibGit2Sharp;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// What is known of a checked out tree, kept beside it, so that later stages need neither mirror nor network.
/// </summary>
/// <param name="Source">The ref that was resolved, with its commit.</param>
/// <param name="CommittedAt">Committer date of the commit; the epoch where there is none.</param>
/// <param name="Distribution">
/// Name of the Python distribution, which need not be that of the component; of what is none, that of the component.
/// </param>
/// <param name="Version">
/// What PBR would say in a full clone, to be handed to the build as <c>PBR_VERSION</c>; of what is no Python
/// distribution, what <c>git describe</c> says.
/// </param>
public sealed record SourceTree(ResolvedRef Source, DateTimeOffset CommittedAt, string Distribution, string Version)
{
    /// <param name="repository">
    /// Git directory with the commit, its history and all tags: the component's mirror. Null where a local tree has
    /// none.
    /// </param>
    /// <param name="directory">The tree of that commit.</param>
    /// <param name="kind">What the component is.</param>
    /// <exception cref="ProblemException">The tree is no Python project, or its version cannot be told.</exception>
    public static SourceTree Describe(ResolvedRef source, AbsolutePath? repository, AbsolutePath directory,
        ImageKind kind = ImageKind.Python)
    {
        var metadata = kind == ImageKind.Python ? ProjectMetadata.Read(directory) : null;
        var name = metadata?.Name ?? source.Component;
        if (repository is null)
        {
            var said = (metadata is null ? DescribedVersion.InTree(directory) : metadata.ExportedVersion)
                ?? throw new ProblemException($"{source.Component}: the tree says no version");
            return new SourceTree(source, DateTimeOffset.UnixEpoch, name, said);
        }

        using var opened = GitObjects.Open(repository);
        var commit = opened.Lookup<Commit>(source.Commit)
            ?? throw new ProblemException($"{source.Component}: {source.Commit} is no commit",
                "Write a branch, a tag or a commit SHA");
        if (source.Kind == RefKind.Tag) RequireTag(source, opened);
        return new SourceTree(source, commit.Committer.When.ToUniversalTime(), name,
            metadata is null ? DescribedVersion.Of(source, opened, commit)
                : VersionOf(source, metadata, opened, commit));
    }

    static string VersionOf(ResolvedRef source, ProjectMetadata metadata, Repository opened, Commit commit)
    {
        // The build of the tree would not let us change it, not even to say that the tree is dirty.
        if (metadata.Version is not null) return metadata.Version;
        if (!metadata.IsVersionedByGit)
        {
            throw new ProblemException(new Problem(
                $"{source.Component}: neither git (by PBR or setuptools_scm) nor the tree itself tells its version",
                Expected: "'version' in [project] of pyproject.toml or in [metadata] of setup.cfg",
                Remedy: "Leave it to the package index, or patch a version into it"));
        }

        return PythonVersion.Of(opened, commit, metadata.PreVersion)
            + (source.Local is { IsDirty: true } ? "+dirty" : "");
    }

    /// <summary>The version is that of the tag, so the tag has to be where it was when it was resolved.</summary>
    static void RequireTag(ResolvedRef source, Repository opened)
    {
        var there = opened.Tags[RefLock.TagOf(source.Ref)]?.PeeledTarget.Sha;
        if (there != source.Commit) throw new ProblemException(
            $"{source.Component}: the tag '{source.Ref}' was at {source.Commit}, and at {source.Remote} is now "
            + $"{(there is null ? "gone" : $"at {there}")}",
            "Find out why before you trust it; to accept it, delete the entry of "
            + $"{source.Component} in {RefLock.Name}");
    }

    public void Write(AbsolutePath file) =>
        AtomicFile.WriteText(file, JsonSerializer.Serialize(this, SourcesJson.Readable.SourceTree) + "\n");

    /// <exception cref="ProblemException">The file is not there or not what <see cref="Write"/> writes.</exception>
    public static SourceTree Read(AbsolutePath file) => SourcesJson.Read(file, SourcesJson.Readable.SourceTree);
}
