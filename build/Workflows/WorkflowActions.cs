using Nuke.Common.CI.GitHubActions.Configuration;

namespace OpenStack.Workflows;

/// <summary>The steps that jobs begin and end with.</summary>
/// <param name="pins">The actions that may be used.</param>
public sealed class WorkflowActions(ActionPins pins)
{
    /// <summary>What every job begins with: this repository, a way out of the network, and .NET.</summary>
    /// <inheritdoc cref="Checkout"/>
    public IReadOnlyList<GitHubActionsStep> Begin(bool history = false, string? token = null) =>
        [Checkout(history, token), new NetworkStep(), SetupDotNet()];

    /// <param name="history">Whether all commits are fetched, to compare with earlier ones.</param>
    /// <param name="token">
    /// Expression of the token that git goes on using, where a later step pushes; otherwise none is left behind.
    /// </param>
    public ActionStep Checkout(bool history = false, string? token = null) => new(pins.Of("actions/checkout"))
    {
        Name = "Check out",
        // zizmor.sh, audit "artipacked": a token that stays can be read by what runs later, or be uploaded.
        Remarks = token is null ? [] : ["zizmor: ignore[artipacked] the job pushes with it, runs nothing of a pull "
            + "request, and uploads nothing"],
        With =
        [
            .. history ? [("fetch-depth", "0")] : Array.Empty<(string, string)>(),
            token is null ? ("persist-credentials", "false") : ("token", token),
        ],
    };

    public ActionStep SetupDotNet() =>
        new(pins.Of("actions/setup-dotnet")) { Name = "Set up .NET", With = [("global-json-file", "global.json")] };

    /// <summary>Of the version that this version of the action is made for.</summary>
    public ActionStep InstallCosign() => new(pins.Of("sigstore/cosign-installer")) { Name = "Install cosign" };

    /// <summary>Layers are packed already; what later jobs take over is of no use the day after.</summary>
    /// <param name="paths">
    /// The first is the directory that the artifact is of; those after a <c>!</c> are left out.
    /// </param>
    /// <param name="condition">Expression that decides whether anybody takes it over.</param>
    public ActionStep Upload(string name, IReadOnlyList<string> paths, string? condition = null) =>
        new(pins.Of("actions/upload-artifact"))
        {
            Name = "Hand over",
            Condition = condition,
            With = [("name", name), ("path", string.Join('\n', paths)), ("retention-days", "1"),
                ("compression-level", "1"), ("if-no-files-found", "error")],
        };

    public ActionStep Download(string name, string path) =>
        new(pins.Of("actions/download-artifact")) { Name = "Take over", With = [("name", name), ("path", path)] };

    /// <summary>Several artifacts, all into one directory.</summary>
    public ActionStep DownloadAll(string pattern, string path) => new(pins.Of("actions/download-artifact"))
    {
        Name = "Take over",
        With = [("pattern", pattern), ("path", path), ("merge-multiple", "true")],
    };

    /// <summary>
    /// Takes the newest cache of a scope. A scope never sees another's, so what one image keeps does not push out
    /// another's.
    /// </summary>
    public ActionStep RestoreCache(string scope, string path) => new(pins.Of("actions/cache/restore"))
    {
        Name = "Restore the layer cache",
        With = [("path", path), ("key", KeyOf(scope)), ("restore-keys", $"{scope}-")],
    };

    /// <summary>Keeps the cache of a scope; a key is written once and never again, so each run has its own.</summary>
    /// <param name="condition">Expression that decides whether it is kept.</param>
    public ActionStep SaveCache(string scope, string path, string condition) => new(pins.Of("actions/cache/save"))
    {
        Name = "Keep the layer cache",
        Condition = condition,
        With = [("path", path), ("key", KeyOf(scope))],
    };

    static string KeyOf(string scope) => $"{scope}-${{{{ github.run_id }}}}";
}
