using System.Globalization;
using System.Net;
using Octokit;
using OpenStack.Diagnostics;

namespace OpenStack.Updates;

/// <summary>
/// Requests to GitHub's REST API: those that fail for the moment are repeated, and what fails for good is told.
/// </summary>
/// <param name="patience">The longest that a limit of requests is waited for.</param>
/// <param name="wait">Before the second attempt after a failure of the server; doubled before each further one.</param>
public sealed class GitHubRetry(TimeSpan patience, TimeSpan wait)
{
    const int Attempts = 4;

    /// <summary>
    /// What GitHub asks for where it names no other time
    /// (docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api).
    /// </summary>
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    /// <summary>For what a person or a job runs.</summary>
    public GitHubRetry()
        : this(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(2))
    {
    }

    /// <summary>
    /// Sends a request until it is answered. What it throws in the end is its own: <see cref="IsFailure"/>.
    /// </summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> request)
    {
        var next = wait;
        for (var attempt = 1; ; attempt++, next *= 2)
        {
            try
            {
                return await request();
            }
            catch (Exception e)
                when (attempt < Attempts && IsFailure(e) && PauseAfter(e, next) is { } pause && pause <= patience)
            {
                await Task.Delay(pause);
            }
        }
    }

    /// <summary>Whether it says that a request has failed, and is no bug.</summary>
    public static bool IsFailure(Exception e) => e is ApiException or HttpRequestException or TaskCanceledException;

    /// <summary>Whether it is one of GitHub's limits of requests.</summary>
    public static bool IsLimit(Exception e) => e is RateLimitExceededException or SecondaryRateLimitExceededException
        or AbuseException or ApiException { StatusCode: HttpStatusCode.TooManyRequests };

    /// <summary>What is wrong, and what to do.</summary>
    /// <param name="subject">What the request was about: <c>owner/name</c>.</param>
    /// <param name="permission">What to do where it is forbidden, or hidden from the token.</param>
    public static Problem Describe(Exception e, string subject, string permission) => new(
        $"GitHub ({subject}): {(e is ApiException x ? $"{(int)x.StatusCode} {Reason(x)}" : e.Message.TrimEnd('.'))}",
        Remedy: e switch
        {
            AuthorizationException => "Give a token that is valid in GITHUB_TOKEN",
            _ when IsLimit(e) => $"Run the same command again in {PauseAfter(e, s_limit):hh\\:mm\\:ss}",
            ForbiddenException or NotFoundException => permission,
            _ => "Run the same command again",
        });

    /// <summary>What GitHub says of an error, without its final dot.</summary>
    public static string Reason(ApiException e) => string.Join("; ", (e.ApiError?.Errors ?? [])
        .Select(x => x.Message ?? $"{x.Field} {x.Code}")
        .Prepend(e.Message.Split('\n')[0].TrimEnd('.')));

    /// <summary>How long to wait before the request is repeated; null where that is of no use.</summary>
    static TimeSpan? PauseAfter(Exception e, TimeSpan otherwise) => e switch
    {
        RateLimitExceededException x => Later(x.Reset - DateTimeOffset.UtcNow, otherwise),
        AbuseException { RetryAfterSeconds: { } seconds } => Later(TimeSpan.FromSeconds(seconds), otherwise),
        _ when IsLimit(e) => Later(RetryAfter((ApiException)e), otherwise),
        ApiException x => (int)x.StatusCode >= 500 ? otherwise : null,
        _ => otherwise,
    };

    static TimeSpan Later(TimeSpan asked, TimeSpan otherwise) => asked > otherwise ? asked : otherwise;

    static TimeSpan RetryAfter(ApiException e)
    {
        var text = e.HttpResponse?.Headers.FirstOrDefault(x =>
            x.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;
    }
}
