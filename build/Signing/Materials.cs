using System.Text;
using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Sources;
using OpenStack.Storage;
using OpenStack.Wheels;

namespace OpenStack.Signing;

/// <summary>What images are made of, for their provenance.</summary>
public static class Materials
{
    /// <summary>The repository that builds images.</summary>
    public const string Repository = "openstack-images";

    /// <summary>Says of it that files were changed since its commit.</summary>
    public const string Modified = "modified";

    /// <summary>What names of locks begin with.</summary>
    public const string Locks = "releases/";

    /// <summary>The images that everything starts from.</summary>
    public const string Distribution = "distribution", Uv = "uv";

    /// <summary>The commit of the service; those of libraries follow a slash.</summary>
    public const string Source = "source";

    /// <summary>The commit and its patches.</summary>
    /// <param name="tree">The tree that was built.</param>
    /// <param name="release">The release that it was patched for.</param>
    /// <param name="name">Its part in the build.</param>
    public static IEnumerable<ResourceDescriptor> OfSource(SealedTree tree, string release, string name)
    {
        var source = tree.Source.Source;
        yield return source switch
        {
            // A tree on somebody's machine: only its content can be told, and the commit only where it is that.
            { Local.IsDirty: true } => ResourceDescriptor.OfFile(name, source.Local.Content) with
            {
                Annotation = ("digestOf", "local tree"),
            },
            { Local: not null } => ResourceDescriptor.OfCommit(name, null, null, source.Commit) with
            {
                Annotation = ("digestOf", "local tree"),
            },
            _ => ResourceDescriptor.OfCommit(name, source.Remote, source.Ref, source.Commit),
        };
        foreach (var patch in tree.Patches.DistinctBy(x => x.Name)) yield return ResourceDescriptor.OfFile(
            $"patches/{source.Component}/{release}/{patch.Name}", patch.Digest);
    }

    /// <summary>The files that pip was bound by.</summary>
    public static IEnumerable<ResourceDescriptor> OfConstraints(AbsolutePath directory) =>
        Directory.EnumerateFiles(directory)
            .Order(StringComparer.Ordinal)
            .Select(x => ResourceDescriptor.OfFile($"constraints/{Path.GetFileName(x)}", Digest.OfFile(x)));

    /// <summary>
    /// The files that Python distributions were installed from, and the source distributions that some of those were
    /// built from.
    /// </summary>
    public static IEnumerable<ResourceDescriptor> OfDistributions(DistributionFiles files)
    {
        foreach (var file in files.Entries)
        {
            yield return ResourceDescriptor.OfFile($"distributions/{file.File}", file.Sha256) with
            {
                Uri = PublicUrl(file.Url),
            };
            if (file.BuiltFrom is { } source)
                yield return ResourceDescriptor.OfFile($"distributions/{source.File}", source.Sha256) with
                {
                    Uri = PublicUrl(source.Url),
                };
        }

        static string? PublicUrl(string? url) => url is null ? null : DistributionFile.PublicUrlOf(url, url);
    }

    /// <summary>A lock, as it is: whoever builds the image again needs nothing else to know what of.</summary>
    /// <param name="path">Where it is, relative to the directory of releases.</param>
    public static ResourceDescriptor OfLock(string path, string text) =>
        ResourceDescriptor.OfFile($"{Locks}{path}", Digest.OfText(text)) with
        {
            Content = Encoding.UTF8.GetBytes(text),
        };

    /// <summary>The commit of this repository.</summary>
    /// <param name="remote">Where others find it; null where they do not.</param>
    public static ResourceDescriptor OfRepository(BuildRevision build, string? remote) =>
        ResourceDescriptor.OfCommit(Repository, remote,
            remote is null ? null : $"refs/heads/{build.Branch}", build.Commit) with
        {
            Annotation = build.IsDirty ? (Modified, true) : null,
        };
}
