namespace Nuke.Common.CI.GitHubActions;

public partial class GitHubActionsAttribute
{
    GitHubActionsSubmodules? submodules;
    bool? lfs;
    uint? fetchDepth;
    bool? progress;
    string filter;

    /// <summary>What the job runs.</summary>
    public string[] InvokedTargets { get; set; } = [];

    /// <summary>Parameters whose values are secrets: <c>ApiKey</c> from <c>API_KEY</c>.</summary>
    public string[] ImportSecrets { get; set; } = [];

    public bool EnableGitHubToken { get; set; }
    public GitHubActionsPermissions[] WritePermissions { get; set; } = [];
    public GitHubActionsPermissions[] ReadPermissions { get; set; } = [];

    public string[] CacheIncludePatterns { get; set; } = [".nuke/temp", "~/.nuget/packages"];
    public string[] CacheExcludePatterns { get; set; } = [];

    /// <summary>There is no cache without any.</summary>
    public string[] CacheKeyFiles { get; set; } = ["**/global.json", "**/*.csproj", "**/Directory.Packages.props"];

    /// <summary>Whether what targets produce is uploaded.</summary>
    public bool PublishArtifacts { get; set; } = true;

    public string PublishCondition { get; set; }
    public int TimeoutMinutes { get; set; }
    public string EnvironmentName { get; set; }
    public string EnvironmentUrl { get; set; }
    public string ConcurrencyGroup { get; set; }
    public bool ConcurrencyCancelInProgress { get; set; }
    public string JobConcurrencyGroup { get; set; }
    public bool JobConcurrencyCancelInProgress { get; set; }

    // Attribute arguments cannot be nullable; these can be left out only because nothing reads them.
    public GitHubActionsSubmodules Submodules
    {
        get => throw new NotSupportedException();
        set => submodules = value;
    }

    public bool Lfs
    {
        get => throw new NotSupportedException();
        set => lfs = value;
    }

    public uint FetchDepth
    {
        get => throw new NotSupportedException();
        set => fetchDepth = value;
    }

    public bool Progress
    {
        get => throw new NotSupportedException();
        set => progress = value;
    }

    public string Filter
    {
        get => throw new NotSupportedException();
        set => filter = value;
    }
}
