#nullable disable
using System.Text.Json;

namespace Octokit;

public interface IPackagesClient
{
    IPackageVersionsClient PackageVersions { get; }
}

/// <summary>Names of packages go into paths as they are: whoever calls encodes them.</summary>
public interface IPackageVersionsClient
{
    /// <summary>All pages, unless the options say fewer.</summary>
    Task<IReadOnlyList<PackageVersion>> GetAllForOrg(string org, PackageType packageType, string packageName, PackageVersionState state = PackageVersionState.Active, ApiOptions options = null);

    /// <inheritdoc cref="GetAllForOrg"/>
    Task<IReadOnlyList<PackageVersion>> GetAllForUser(string username, PackageType packageType, string packageName, PackageVersionState state = PackageVersionState.Active, ApiOptions options = null);

    Task DeleteForOrg(string org, PackageType packageType, string packageName, int packageVersionId);

    Task DeleteForUser(string username, PackageType packageType, string packageName, int packageVersionId);
}

sealed class PackagesClient(Connection connection) : IPackagesClient
{
    public IPackageVersionsClient PackageVersions { get; } = new PackageVersionsClient(connection);
}

sealed class PackageVersionsClient(Connection connection) : IPackageVersionsClient
{
    public Task<IReadOnlyList<PackageVersion>> GetAllForOrg(string org, PackageType packageType, string packageName, PackageVersionState state, ApiOptions options) =>
        GetAllAsync(VersionsOf("orgs", org, packageType, packageName), state, options);

    public Task<IReadOnlyList<PackageVersion>> GetAllForUser(string username, PackageType packageType, string packageName, PackageVersionState state, ApiOptions options) =>
        GetAllAsync(VersionsOf("users", username, packageType, packageName), state, options);

    public Task DeleteForOrg(string org, PackageType packageType, string packageName, int packageVersionId) =>
        connection.DeleteAsync($"{VersionsOf("orgs", org, packageType, packageName)}/{packageVersionId}");

    public Task DeleteForUser(string username, PackageType packageType, string packageName, int packageVersionId) =>
        connection.DeleteAsync($"{VersionsOf("users", username, packageType, packageName)}/{packageVersionId}");

    Task<IReadOnlyList<PackageVersion>> GetAllAsync(string path, PackageVersionState state, ApiOptions options) =>
        connection.GetAllAsync(path, [("state", state.ToString().ToLowerInvariant())], options ?? new ApiOptions(), x => new PackageVersion(x));

    static string VersionsOf(string kind, string owner, PackageType type, string name) => $"{kind}/{owner}/packages/{type.ToString().ToLowerInvariant()}/{name}/versions";
}

/// <summary>Of a container: a manifest, with tags or without.</summary>
public class PackageVersion
{
    internal PackageVersion(JsonElement json) => (Id, Name) = (json.GetProperty("id").GetInt64(), json.Text("name"));

    public long Id { get; private set; }

    /// <summary>Of a container: its digest.</summary>
    public string Name { get; private set; }
}

public enum PackageType
{
    Container = 5,
}

public enum PackageVersionState
{
    Active,
}
