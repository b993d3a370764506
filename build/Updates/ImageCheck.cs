using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>Compares the images that Dockerfiles begin with, by version and by digest.</summary>
/// <param name="resolver">Lists the tags of a source repository.</param>
/// <param name="sourceBase">Where the source of <c>ghcr.io/owner/name</c> is: <c>https://github.com</c>.</param>
/// <param name="digestOf">The digest that an image's tag has now; null where nobody knows.</param>
/// <param name="remembered">The digests that images were last built from, by name.</param>
public sealed class ImageCheck(RefResolver resolver, string sourceBase, Func<string, Task<string?>> digestOf,
    IReadOnlyDictionary<string, string> remembered)
{
    const string GitHubRegistry = "ghcr.io/";

    /// <param name="name">As a Dockerfile names it: <c>repository:tag</c>, and perhaps <c>@digest</c>.</param>
    /// <exception cref="ProblemException">Registry or repository cannot be reached.</exception>
    public async Task<Finding> RunAsync(string name, string file, int line)
    {
        var finding = new Finding(Subject.Images, null, name, name, FindingState.Current, File: file, Line: line);
        var plain = name.Split('@')[0];
        var (repository, tag) = (ImageReference.Repository(name),
            plain[Math.Min(plain.Length, ImageReference.Repository(name).Length + 1)..]);
        finding = finding with { Name = repository, Current = tag.Length > 0 ? tag : "latest" };
        if (VersionTag.TryParse(tag) is { } version && repository.StartsWith(GitHubRegistry, StringComparison.Ordinal))
        {
            var tags = (await resolver.RefsAsync(repository,
                $"{sourceBase}/{repository[GitHubRegistry.Length..]}")).Tags.Keys;
            if (version.NewerIn(tags)?.Take(version.Numbers.Count).Name.TrimStart('v') is { } newer)
                return finding with { State = FindingState.Outdated, Newest = newer, Newer = [newer] };
        }

        var pinned = name.Contains('@') ? name[(name.IndexOf('@') + 1)..] : null;
        var used = pinned ?? remembered.GetValueOrDefault(name);
        if (await digestOf(plain) is not { } digest)
            return finding with { State = FindingState.Unknown, Detail = "its registry has no such tag" };
        if (used is null)
            return finding with { State = FindingState.Floating, Detail = $"it is {digest} now", Id = digest };
        return used == digest ? finding with { Id = digest } : finding with
        {
            State = FindingState.Outdated,
            Newest = digest,
            Id = digest,
            Detail = $"{(pinned is null ? "the last build had" : "pinned at")} {used}",
        };
    }
}
