using System.Net;
using Octokit;
using OpenStack.Diagnostics;

namespace OpenStack.Updates;

/// <summary>
/// Removal from GitHub's registry, which answers the specification's way with 405. There every manifest, tagged or not,
/// is a version of a package that is named after its digest, and goes by the REST API:
/// docs.github.com/rest/packages/packages, "List package versions for a package owned by an organization", "Delete
/// package version for an organization", and the same for a user.
/// </summary>
/// <param name="client">Has the credentials.</param>
/// <param name="retry">How failures are repeated.</param>
/// <param name="pause">
/// Before each removal: docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api, "Pause between
/// mutative requests", asks for a second.
/// </param>
public sealed class GitHubPackageRemoval(IGitHubClient client, GitHubRetry retry, TimeSpan pause) : IManifestRemoval
{
    /// <summary>The most that GitHub has.</summary>
    const int PageSize = 100;

    /// <summary>
    /// docs.github.com/packages/learn-github-packages/deleting-and-restoring-a-package, "Packages API support" and
    /// "Required permissions".
    /// </summary>
    const string Permission = "Give the job 'permissions: packages: write' and its repository the role Admin for the "
        + "package (settings of the package, \"Manage Actions access\"); a token of a person needs "
        + "read:packages and delete:packages";

    readonly Dictionary<string, Package> _packages = [];

    /// <param name="Name">As it stands in paths.</param>
    /// <param name="Versions">Their ids, by digest.</param>
    sealed record Package(string Owner, string Name, bool IsOfUser, IReadOnlyDictionary<string, long> Versions);

    public async Task<Problem?> RemoveAsync(string repository, string digest, CancellationToken cancellation = default)
    {
        if (!_packages.TryGetValue(repository, out var package))
            _packages.Add(repository, package = await FindAsync(repository));
        if (!package.Versions.TryGetValue(digest, out var id))
            return new Problem($"GitHub ({repository}) lists no version for what its registry has",
                Remedy: "Run the same command again; one may be behind the other");
        await Task.Delay(pause, cancellation);
        var attempts = 0;
        try
        {
            return await retry.RunAsync(async () =>
            {
                attempts++;
                await DeleteAsync(package, id);
                return (Problem?)null;
            });
        }
        catch (NotFoundException) when (attempts > 1)
        {
            // The attempt before did it, and only its answer was lost.
            return null;
        }
        catch (ApiException e) when (e.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity)
        {
            // Of a public package, a version with more than 5000 downloads; of any, the last one with a tag.
            return GitHubRetry.Describe(e, repository, Permission) with
            {
                Remedy = "Do as GitHub says, or leave it: what it leads to stays with it",
            };
        }
        catch (ApiException e) when (e is ForbiddenException or NotFoundException && !GitHubRetry.IsLimit(e))
        {
            return GitHubRetry.Describe(e, repository, Permission);
        }
        catch (Exception e) when (GitHubRetry.IsFailure(e))
        {
            throw new ProblemException(GitHubRetry.Describe(e, repository, Permission), e);
        }
    }

    /// <summary>Whether an owner is an organization or a user, only the place of its packages says.</summary>
    async Task<Package> FindAsync(string repository)
    {
        if (repository.Split('/', 2) is not [var owner, var name])
            throw new ProblemException($"'{repository}' lacks the owner that GitHub's packages have",
                "Publish to ghcr.io/<owner>");
        // GitHub takes the slashes of a name encoded, and Octokit takes names as they are.
        name = Uri.EscapeDataString(name);
        var (versions, options) = (client.Packages.PackageVersions, new ApiOptions { PageSize = PageSize });
        try
        {
            try
            {
                return Of(false, await retry.RunAsync(() =>
                    versions.GetAllForOrg(owner, PackageType.Container, name, PackageVersionState.Active, options)));
            }
            catch (NotFoundException)
            {
                return Of(true, await retry.RunAsync(() =>
                    versions.GetAllForUser(owner, PackageType.Container, name, PackageVersionState.Active, options)));
            }
        }
        catch (Exception e) when (GitHubRetry.IsFailure(e))
        {
            throw new ProblemException(GitHubRetry.Describe(e, repository, Permission), e);
        }

        // A list that grows while its pages are read repeats some.
        Package Of(bool isOfUser, IReadOnlyList<PackageVersion> found) =>
            new(owner, name, isOfUser, found.DistinctBy(x => x.Name).ToDictionary(x => x.Name, x => x.Id));
    }

    Task DeleteAsync(Package package, long version)
    {
        if (version > int.MaxValue)
            throw new ProblemException($"Octokit cannot name the version {version} of {package.Owner}/{package.Name}, "
                + "whose number is too large for it", "Remove it on the page of the package");
        var (versions, id) = (client.Packages.PackageVersions, (int)version);
        return package.IsOfUser
            ? versions.DeleteForUser(package.Owner, PackageType.Container, package.Name, id)
            : versions.DeleteForOrg(package.Owner, PackageType.Container, package.Name, id);
    }
}
