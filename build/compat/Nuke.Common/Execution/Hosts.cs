using Nuke.Common.CI.GitHubActions;

namespace Nuke.Common.Execution;

/// <summary>The hosts there are, and the one that is running.</summary>
static class Hosts
{
    static readonly Kind[] Known =
    [
        new(typeof(GitHubActions), () => GitHubActions.IsRunning, () => new GitHubActions()),
        new(typeof(Rider), () => Rider.IsRunning, () => new Rider()),
        new(typeof(VSCode), () => VSCode.IsRunning, () => new VSCode()),
        new(typeof(VisualStudio), () => VisualStudio.IsRunning, () => new VisualStudio()),
        new(typeof(Terminal), () => true, () => new Terminal())
    ];

    /// <summary>All hosts of the original, including the build servers that are not supported here.</summary>
    public static IEnumerable<string> Names =>
        Known.Select(x => x.Type.Name)
            .Concat(["AppVeyor", "AzurePipelines", "Bamboo", "Bitbucket", "Bitrise", "GitLab", "Jenkins", "SpaceAutomation", "TeamCity", "TravisCI"])
            .Order();

    public static Host Running() => Array.Find(Known, x => x.IsRunning()).Create();

    /// <param name="name">The end of the full name of a type.</param>
    public static Host Create(string name)
    {
        var matches = Array.FindAll(Known, x => x.Type.FullName!.EndsWith(name, StringComparison.OrdinalIgnoreCase));
        Assert.HasSingleItem(matches);
        return matches[0].Create();
    }

    public static bool HasVariable(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));

    sealed record Kind(Type Type, Func<bool> IsRunning, Func<Host> Create);
}
