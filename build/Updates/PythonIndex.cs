using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Network;

namespace OpenStack.Updates;

/// <summary>
/// A Python package index that speaks PyPI's JSON API (docs.pypi.org, "JSON API"): <c>/pypi/&lt;name&gt;/json</c>.
/// </summary>
/// <param name="client">Its timeout counts for each attempt.</param>
/// <param name="url">Of the index, <c>https://pypi.org</c>.</param>
/// <param name="wait">
/// Before the second attempt; doubled before the third. A longer Retry-After counts, up to a minute.
/// </param>
public sealed class PythonIndex(HttpClient client, Uri url, TimeSpan? wait = null)
{
    const int Attempts = 3;

    static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);

    /// <summary>Several releases pin the same.</summary>
    readonly ConcurrentDictionary<PythonName, Lazy<Task<IReadOnlyList<IndexedVersion>>>> _answers = [];

    /// <summary>The versions of a distribution, lowest first; asked once. What is no version of PEP 440 no installer
    /// takes.</summary>
    /// <exception cref="ProblemException">
    /// The index cannot be reached, does not know the distribution, or answers nonsense.
    /// </exception>
    public Task<IReadOnlyList<IndexedVersion>> VersionsAsync(PythonName name) =>
        _answers.GetOrAdd(name, x => new Lazy<Task<IReadOnlyList<IndexedVersion>>>(() => AskAsync(x))).Value;

    async Task<IReadOnlyList<IndexedVersion>> AskAsync(PythonName name, CancellationToken cancellation = default)
    {
        var address = new Uri($"{url.AbsoluteUri.TrimEnd('/')}/pypi/{name}/json");
        using var response = await GetAsync(address, name, cancellation);
        try
        {
            using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation),
                cancellationToken: cancellation);
            return
            [
                .. json.RootElement.GetProperty("releases").EnumerateObject()
                    .Select(x => (Version: PythonVersion.TryParse(x.Name), Files: x.Value.EnumerateArray()
                        .Select(IndexedFile.Read).ToList()))
                    .Where(x => x.Version is not null && x.Files.Count > 0)
                    .Select(x => new IndexedVersion(x.Version!, x.Files))
                    .OrderBy(x => x.Version),
            ];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ProblemException(
                new Problem($"{address} is no answer of a Python package index", Expected: "PyPI's JSON API"), e);
        }
    }

    async Task<HttpResponseMessage> GetAsync(Uri address, PythonName name, CancellationToken cancellation)
    {
        var pause = wait ?? TimeSpan.FromSeconds(1);
        for (var attempt = 1; ; attempt++, pause *= 2)
        {
            var why = "";
            try
            {
                var response = await client.GetAsync(address, cancellation);
                if (response.IsSuccessStatusCode) return response;
                using (response)
                {
                    if (response.StatusCode == HttpStatusCode.NotFound)
                        throw new ProblemException($"{address}: there is no distribution '{name}'", "Check its name");
                    why = $"{(int)response.StatusCode} {response.ReasonPhrase}";
                    if (response.StatusCode != HttpStatusCode.TooManyRequests && (int)response.StatusCode < 500)
                        attempt = Attempts;
                    if (response.Headers.RetryAfter?.Delta is { } asked && asked > pause)
                        pause = asked < s_longestWait ? asked : s_longestWait;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException
                && !cancellation.IsCancellationRequested)
            {
                if (RequestFailure.ProblemIn(e) is { } problem) throw new ProblemException(problem.Problems, e);
                why = e.GetBaseException().Message.TrimEnd('.');
            }

            if (attempt >= Attempts)
                throw new ProblemException($"{address} cannot be had ({why})",
                    "Check the network and run the same command again");
            await Task.Delay(pause, cancellation);
        }
    }
}
