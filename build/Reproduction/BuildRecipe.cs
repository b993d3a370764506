using System.Text;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Locks;
using OpenStack.Signing;

namespace OpenStack.Reproduction;

/// <summary>What has to be done to build one platform of an image again, as its provenance says it.</summary>
/// <param name="Image">The service, or <c>python-base</c>.</param>
/// <param name="Release">The OpenStack release; null of <c>python-base</c>.</param>
/// <param name="Platform">As in <c>linux/amd64</c>.</param>
/// <param name="Distro">The distribution that it is built on, <c>ubuntu-noble</c>.</param>
/// <param name="Registry">Registry and namespace that it is named after.</param>
/// <param name="Commit">Of the repository that builds it.</param>
/// <param name="Repository">Url of that; null where the provenance names none.</param>
/// <param name="Locks">By path below the directory of releases.</param>
public sealed record BuildRecipe(string Image, string? Release, string Platform, string Distro, string Registry,
    string Commit, string? Repository, IReadOnlyDictionary<string, string> Locks)
{
    const string Git = "git+";

    /// <param name="provenance">What is said of the platform's manifest.</param>
    /// <param name="pinned">Repository and digest, for messages.</param>
    /// <exception cref="ProblemException">It does not say enough; all that is missing.</exception>
    public static BuildRecipe Of(Provenance provenance, string pinned)
    {
        const string remedy = "Ask whoever publishes it to build it with --hermetic, from locks that are committed";
        if (!provenance.IsHermetic)
            throw new ProblemException($"{pinned} was built with a network: nobody knows what of", remedy);
        var (locks, problems) = ReadLocks(provenance);
        var commit = provenance.Dependencies.FirstOrDefault(x => x.Name == Materials.Repository);
        if (commit is null) problems.Add(new Problem($"{pinned}: nothing says which commit built it", Remedy: remedy));
        problems.AddRange(MissingLocks(provenance, locks)
            .Select(x => new Problem($"{pinned}: its provenance lacks {x}", Remedy: remedy)));
        ProblemException.ThrowIfAny(problems);
        return new BuildRecipe(provenance.Image, provenance.Release, provenance.Platforms[0],
            locks.Values.First().Subject.Distro, RegistryOf(provenance), commit!.Digest, UrlOf(commit),
            locks.ToDictionary(x => x.Key, x => TextOf(provenance, x.Key)));
    }

    /// <summary>The locks that come with a provenance, by path, and what is wrong with them.</summary>
    internal static (Dictionary<string, InputLock> Locks, List<Problem> Problems) ReadLocks(Provenance provenance)
    {
        var (locks, problems) = (new Dictionary<string, InputLock>(StringComparer.Ordinal), new List<Problem>());
        foreach (var path in provenance.Dependencies.Where(x => x.Content is not null && IsLock(x)).Select(PathOf))
        {
            try
            {
                locks.Add(path, InputLock.Parse(TextOf(provenance, path), path));
            }
            catch (ProblemException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        return (locks, problems);
    }

    /// <summary>What images of these platforms are built from, and the provenance has no lock of.</summary>
    internal static IEnumerable<string> MissingLocks(
        Provenance provenance, IReadOnlyDictionary<string, InputLock> locks) =>
        from platform in provenance.Platforms
        from image in provenance.Release is null
            ? new[] { (Name: BaseImages.PythonBase, Release: (string?)null), (BaseImages.VenvBuilder, null) }
            : [(BaseImages.PythonBase, null), (BaseImages.VenvBuilder, null), (provenance.Image, provenance.Release)]
        where !locks.Values.Any(x => x.Subject.Image == image.Name && x.Subject.Release == image.Release
            && x.Subject.Platform == platform)
        select $"the lock of {image.Name} for {platform}";

    /// <summary>The url in <c>git+https://…@refs/heads/main</c>; null where there is none.</summary>
    static string? UrlOf(ResourceDescriptor commit) =>
        commit.Uri is { } uri && uri.StartsWith(Git, StringComparison.Ordinal)
            ? uri[Git.Length..].Split("@refs/")[0]
            : null;

    static string RegistryOf(Provenance provenance)
    {
        var name = provenance.Publication.Repository;
        return name[..Math.Max(name.LastIndexOf('/'), 0)];
    }

    static bool IsLock(ResourceDescriptor file) =>
        file.Name.StartsWith(Materials.Locks, StringComparison.Ordinal)
        && file.Name.EndsWith(LockSubject.Suffix, StringComparison.Ordinal)
        // A name of somebody else's is no path to write to.
        && !file.Name.Split('/').Contains("..");

    static string PathOf(ResourceDescriptor file) => file.Name[Materials.Locks.Length..];

    static string TextOf(Provenance provenance, string path) => Encoding.UTF8.GetString(
        provenance.Dependencies.First(x => x.Name == Materials.Locks + path).Content!);
}
