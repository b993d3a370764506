using Octokit;
using OpenStack.Diagnostics;

namespace OpenStack.Updates;

/// <summary>What became of a pull request.</summary>
public enum PullRequestOutcome
{
    Opened,
    Edited,
    Unchanged,

    /// <summary>Somebody closed one that says the same: it stays closed.</summary>
    Declined,
}

/// <summary>The pull requests of updates in one repository at GitHub: one for each branch.</summary>
/// <param name="client">Has the credentials.</param>
/// <param name="baseBranch">The branch that they are for.</param>
/// <param name="retry">How failures are repeated.</param>
public sealed class PullRequests(IGitHubClient client, string owner, string repository, string baseBranch,
    GitHubRetry retry)
{
    const int PageSize = 100;

    readonly Lock _gate = new();
    Task<IReadOnlyList<PullRequest>>? _open;

    /// <summary>Opens the pull request of an update's branch, or brings it up to date.</summary>
    /// <param name="body">Its description, in Markdown.</param>
    /// <returns>What was done, and where it is.</returns>
    /// <exception cref="ProblemException">GitHub cannot be reached, or refuses.</exception>
    public async Task<(PullRequestOutcome Outcome, string Url)> EnsureAsync(UpdateDraft update, string body)
    {
        if (await FindAsync(update.Branch) is { } there) return await RefreshAsync(there, update.Title, body);
        if (await DeclinedAsync(update) is { } declined) return (PullRequestOutcome.Declined, declined.HtmlUrl);
        try
        {
            var opened = await RunAsync(() => client.PullRequest.Create(owner, repository,
                new NewPullRequest(update.Title, update.Branch, baseBranch) { Body = body, Draft = update.IsBroken }));
            return (PullRequestOutcome.Opened, opened.HtmlUrl);
        }
        catch (ApiValidationException e)
        {
            // Another run was faster, or the answer to our own request was lost.
            _open = null;
            if (await FindAsync(update.Branch) is { } meanwhile)
                return await RefreshAsync(meanwhile, update.Title, body);
            throw new ProblemException(
                $"GitHub does not open a pull request for {update.Branch}: {GitHubRetry.Reason(e)}", "Check that the "
                    + "branch exists and that Actions may open pull requests in the settings of the repository", e);
        }
    }

    async Task<(PullRequestOutcome, string)> RefreshAsync(PullRequest there, string title, string body)
    {
        // What is edited at GitHub has other line ends.
        if (there.Title == title && (there.Body ?? "").ReplaceLineEndings("\n").TrimEnd() == body.TrimEnd())
            return (PullRequestOutcome.Unchanged, there.HtmlUrl);
        var edited = await RunAsync(() => client.PullRequest.Update(owner, repository, there.Number,
            new PullRequestUpdate { Title = title, Body = body }));
        return (PullRequestOutcome.Edited, edited.HtmlUrl);
    }

    async Task<PullRequest?> FindAsync(string branch)
    {
        Task<IReadOnlyList<PullRequest>> open;
        lock (_gate)
            open = _open ??= ListAsync(new PullRequestRequest { State = ItemStateFilter.Open, Base = baseBranch });
        // A fork may have a branch of the same name.
        return (await open).FirstOrDefault(x => x.Head.Ref == branch && x.Head.Label == $"{owner}:{branch}");
    }

    async Task<PullRequest?> DeclinedAsync(UpdateDraft update) =>
        (await ListAsync(new PullRequestRequest
        {
            State = ItemStateFilter.Closed,
            Base = baseBranch,
            Head = $"{owner}:{update.Branch}",
        }))
            .FirstOrDefault(x => x.MergedAt is null && x.Title == update.Title);

    Task<IReadOnlyList<PullRequest>> ListAsync(PullRequestRequest request) =>
        RunAsync(() =>
            client.PullRequest.GetAllForRepository(owner, repository, request, new ApiOptions { PageSize = PageSize }));

    /// <exception cref="ProblemException">It failed for good, or too often.</exception>
    async Task<T> RunAsync<T>(Func<Task<T>> request)
    {
        try
        {
            return await retry.RunAsync(request);
        }
        catch (Exception e) when (e is not ApiValidationException && GitHubRetry.IsFailure(e))
        {
            throw new ProblemException(GitHubRetry.Describe(e, $"{owner}/{repository}",
                "Give the token the permissions contents: write and pull-requests: write for this repository"), e);
        }
    }
}
