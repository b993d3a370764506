using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>An action of a workflow, pinned.</summary>
/// <param name="Name"><c>owner/repository</c>, perhaps with a path.</param>
/// <param name="Version">The tag that <paramref name="Sha"/> is.</param>
/// <param name="Sha">Full commit id.</param>
public sealed record PinnedAction(string Name, string Version, string Sha);

/// <summary>Compares actions with the tags of their repositories.</summary>
/// <param name="sourceBase">Where they are: <c>https://github.com</c>.</param>
public sealed class ActionCheck(RefResolver resolver, string sourceBase)
{
    /// <param name="file">Where it is pinned.</param>
    /// <exception cref="ProblemException">The repository cannot be reached.</exception>
    public async Task<Finding> RunAsync(PinnedAction action, string? file)
    {
        var finding = new Finding(Subject.Actions, null, action.Name, action.Version, FindingState.Current, File: file);
        var remote = await resolver.RefsAsync(action.Name,
            $"{sourceBase}/{string.Join('/', action.Name.Split('/').Take(2))}");
        if (VersionTag.TryParse(action.Version) is not { } version)
            return finding with { State = FindingState.Unknown, Detail = "its version is none" };
        if (version.NewerIn(remote.Tags.Keys) is { } newest)
            return finding with
            {
                State = FindingState.Outdated,
                Newest = newest.Name,
                Newer = [newest.Name],
                Id = remote.Tags[newest.Name],
            };
        if (!remote.Tags.TryGetValue(action.Version, out var sha))
            return finding with { State = FindingState.Unknown, Detail = "its repository has no such tag" };
        // A major version's tag moves with each release; that of a release has no reason to.
        return sha == action.Sha ? finding : version.Numbers.Count < 3
            ? finding with
            {
                State = FindingState.Outdated,
                Newest = action.Version,
                Id = sha,
                Detail = $"the tag has moved on to {sha[..10]}",
            }
            : finding with
            {
                State = FindingState.Moved,
                Id = sha,
                Detail = $"the tag is at {sha}, not at {action.Sha}",
            };
    }
}
