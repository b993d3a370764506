#nullable disable
namespace Octokit;

public interface IGitHubClient
{
    IPullRequestsClient PullRequest { get; }

    IPackagesClient Packages { get; }
}

/// <summary>The part of GitHub's REST API that the build uses.</summary>
public class GitHubClient : IGitHubClient
{
    static readonly Uri s_gitHub = new("https://api.github.com/");

    readonly Connection _connection;

    /// <param name="baseAddress">A server of GitHub Enterprise; its path does not count.</param>
    public GitHubClient(ProductHeaderValue productInformation, Uri baseAddress)
    {
        _connection = new Connection(productInformation, FixUpBaseUri(baseAddress));
        PullRequest = new PullRequestsClient(_connection);
        Packages = new PackagesClient(_connection);
    }

    public Credentials Credentials
    {
        get => _connection.Credentials;
        set => _connection.Credentials = value;
    }

    public IPullRequestsClient PullRequest { get; private set; }

    public IPackagesClient Packages { get; private set; }

    static Uri FixUpBaseUri(Uri uri) => uri.Host is "github.com" or "api.github.com" ? s_gitHub : new Uri(uri, "/api/v3/");
}

public class Credentials
{
    internal static readonly Credentials Anonymous = new();

    /// <param name="token">OAuth or personal access token, or that of a workflow.</param>
    public Credentials(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        Password = token;
    }

    Credentials()
    {
    }

    internal string Password { get; }
}

/// <summary>What a program calls itself in its requests.</summary>
public class ProductHeaderValue
{
    readonly System.Net.Http.Headers.ProductHeaderValue _value;

    public ProductHeaderValue(string name) => _value = new System.Net.Http.Headers.ProductHeaderValue(name);

    public override string ToString() => _value.ToString();
}
