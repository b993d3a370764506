using System.Globalization;
using System.Net;
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

/// <summary>The pull requests of updates in one repository at GitHub: one for each branch. A request that fails for the moment is repeated.</summary>
/// <param name="client">Has the credentials.</param>
/// <param name="baseBranch">The branch that they are for.</param>
/// <param name="patience">The longest that a limit of requests is waited for.</param>
/// <param name="wait">Before the second attempt after a failure of the server; doubled before each further one.</param>
public sealed class PullRequests(IGitHubClient client, string owner, string repository, string baseBranch, TimeSpan patience, TimeSpan wait)
{
    const int Attempts = 4;
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
            var opened = await RunAsync(() => client.PullRequest.Create(owner, repository, new NewPullRequest(update.Title, update.Branch, baseBranch) { Body = body, Draft = update.IsBroken }));
            return (PullRequestOutcome.Opened, opened.HtmlUrl);
        }
        catch (ApiValidationException e)
        {
            // Another run was faster, or the answer to our own request was lost.
            _open = null;
            if (await FindAsync(update.Branch) is { } meanwhile) return await RefreshAsync(meanwhile, update.Title, body);
            throw new ProblemException($"GitHub does not open a pull request for {update.Branch}: {Reason(e)}", "Check that the branch exists and that Actions may open pull requests in the settings of the repository", e);
        }
    }

    async Task<(PullRequestOutcome, string)> RefreshAsync(PullRequest there, string title, string body)
    {
        // What is edited at GitHub has other line ends.
        if (there.Title == title && (there.Body ?? "").ReplaceLineEndings("\n").TrimEnd() == body.TrimEnd()) return (PullRequestOutcome.Unchanged, there.HtmlUrl);
        var edited = await RunAsync(() => client.PullRequest.Update(owner, repository, there.Number, new PullRequestUpdate { Title = title, Body = body }));
        return (PullRequestOutcome.Edited, edited.HtmlUrl);
    }

    async Task<PullRequest?> FindAsync(string branch)
    {
        Task<IReadOnlyList<PullRequest>> open;
        lock (_gate) open = _open ??= ListAsync(new PullRequestRequest { State = ItemStateFilter.Open, Base = baseBranch });
        // A fork may have a branch of the same name.
        return (await open).FirstOrDefault(x => x.Head.Ref == branch && x.Head.Label == $"{owner}:{branch}");
    }

    async Task<PullRequest?> DeclinedAsync(UpdateDraft update) =>
        (await ListAsync(new PullRequestRequest { State = ItemStateFilter.Closed, Base = baseBranch, Head = $"{owner}:{update.Branch}" }))
            .FirstOrDefault(x => x.MergedAt is null && x.Title == update.Title);

    Task<IReadOnlyList<PullRequest>> ListAsync(PullRequestRequest request) =>
        RunAsync(() => client.PullRequest.GetAllForRepository(owner, repository, request, new ApiOptions { PageSize = PageSize }));

    /// <exception cref="ProblemException">It failed for good, or too often.</exception>
    async Task<T> RunAsync<T>(Func<Task<T>> request)
    {
        var next = wait;
        for (var attempt = 1; ; attempt++, next *= 2)
        {
            try
            {
                return await request();
            }
            catch (ApiValidationException)
            {
                throw;
            }
            catch (Exception e) when (e is ApiException or HttpRequestException or TaskCanceledException)
            {
                var pause = PauseAfter(e, next);
                if (pause is null || attempt == Attempts || pause > patience) throw Describe(e, pause);
                await Task.Delay(pause.Value);
            }
        }
    }

    /// <summary>How long to wait before the request is repeated; null where that is of no use.</summary>
    static TimeSpan? PauseAfter(Exception e, TimeSpan otherwise) => e switch
    {
        RateLimitExceededException x => Later(x.Reset - DateTimeOffset.UtcNow, otherwise),
        AbuseException { RetryAfterSeconds: { } seconds } => Later(TimeSpan.FromSeconds(seconds), otherwise),
        SecondaryRateLimitExceededException or AbuseException or ApiException { StatusCode: HttpStatusCode.TooManyRequests } => Later(RetryAfter((ApiException)e), otherwise),
        ApiException x => (int)x.StatusCode >= 500 ? otherwise : null,
        _ => otherwise,
    };

    static TimeSpan Later(TimeSpan asked, TimeSpan otherwise) => asked > otherwise ? asked : otherwise;

    static TimeSpan RetryAfter(ApiException e)
    {
        var text = e.HttpResponse?.Headers.FirstOrDefault(x => x.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
    }

    ProblemException Describe(Exception e, TimeSpan? pause)
    {
        var remedy = e switch
        {
            AuthorizationException => "Give a token that is valid in GITHUB_TOKEN",
            RateLimitExceededException or SecondaryRateLimitExceededException or AbuseException => $"Run the same command again in {pause:hh\\:mm\\:ss}",
            ForbiddenException or NotFoundException => "Give the token the permissions contents: write and pull-requests: write for this repository",
            _ => "Run the same command again",
        };
        return new ProblemException($"GitHub ({owner}/{repository}): {(e is ApiException x ? $"{(int)x.StatusCode} {Reason(x)}" : e.Message.TrimEnd('.'))}", remedy, e);
    }

    static string Reason(ApiException e) => string.Join("; ", (e.ApiError?.Errors ?? []).Select(x => x.Message ?? $"{x.Field} {x.Code}").Prepend(e.Message.Split('\n')[0].TrimEnd('.')));
}
