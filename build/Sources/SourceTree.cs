using System.Text.Json;
using LibGit2Sharp;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>What is known of a checked out tree, kept beside it, so that later stages need neither mirror nor network.</summary>
/// <param name="Source">The ref that was resolved, with its commit.</param>
/// <param name="CommittedAt">Committer date of the commit.</param>
/// <param name="Distribution">Name of the Python distribution, which need not be that of the component.</param>
/// <param name="Version">What PBR would say in a full clone; to be handed to the build as <c>PBR_VERSION</c>.</param>
public sealed record SourceTree(ResolvedRef Source, DateTimeOffset CommittedAt, string Distribution, string Version)
{
    /// <param name="repository">Git directory with the commit, its history and all tags: the component's mirror.</param>
    /// <param name="directory">The tree of that commit.</param>
    /// <exception cref="ProblemException">The tree is no Python project, or its version cannot be told.</exception>
    public static SourceTree Describe(ResolvedRef source, AbsolutePath repository, AbsolutePath directory)
    {
        var metadata = ProjectMetadata.Read(directory);
        using var opened = new Repository(repository);
        var commit = opened.Lookup<Commit>(source.Commit)
            ?? throw new ProblemException($"{source.Component}: {source.Commit} is no commit", "Write a branch, a tag or a commit SHA");
        var version = PythonVersion.Of(opened, commit, metadata.PreVersion);
        return new SourceTree(source, commit.Committer.When.ToUniversalTime(), metadata.Name, version);
    }

    public void Write(AbsolutePath file) => AtomicFile.WriteText(file, JsonSerializer.Serialize(this, SourcesJson.Readable.SourceTree) + "\n");

    /// <exception cref="ProblemException">The file is not there or not what <see cref="Write"/> writes.</exception>
    public static SourceTree Read(AbsolutePath file) => SourcesJson.Read(file, SourcesJson.Readable.SourceTree);
}
