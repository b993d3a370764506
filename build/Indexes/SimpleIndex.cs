using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AngleSharp.Html.Parser;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Network;

namespace OpenStack.Indexes;

/// <summary>
/// Asks one index by the simple repository API: as JSON (PEP 691), or as HTML (PEP 503) where it has nothing else.
/// </summary>
/// <param name="client">Its timeout counts for each attempt.</param>
/// <param name="index">Which.</param>
/// <param name="wait">
/// Before the second attempt; doubled before the third. A longer Retry-After counts, up to a minute.
/// </param>
public sealed class SimpleIndex(HttpClient client, PackageIndex index, TimeSpan? wait = null)
{
    const string Json = "application/vnd.pypi.simple.v1+json";
    const string Html = "application/vnd.pypi.simple.v1+html";
    const int Attempts = 3;

    static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);

    public PackageIndex Index => index;

    /// <summary>All files of a project, yanked ones too; null where the index has no such project.</summary>
    /// <exception cref="ProblemException">
    /// It cannot be reached, wants to know who asks, or answers nonsense.
    /// </exception>
    public async Task<IReadOnlyList<ProjectFile>?> FilesAsync(PythonName name, CancellationToken cancellation = default)
    {
        var page = index.PageOf(name.Value);
        using var response = await GetAsync(page, cancellation);
        if (response is null) return null;
        var body = await response.Content.ReadAsStringAsync(cancellation);
        // Links are relative to where the page was in the end.
        var at = response.RequestMessage?.RequestUri ?? page;
        return response.Content.Headers.ContentType?.MediaType is Json or "application/json"
            ? ReadJson(body, at) : ReadHtml(body, at);
    }

    /// <summary>A small file beside those of a project; null where there is none.</summary>
    public async Task<string?> TextAsync(Uri address, CancellationToken cancellation = default)
    {
        using var response = await GetAsync(address, cancellation);
        return response is null ? null : await response.Content.ReadAsStringAsync(cancellation);
    }

    static IReadOnlyList<ProjectFile> ReadJson(string body, Uri at)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return [.. json.RootElement.GetProperty("files").EnumerateArray().Select(x => ReadFile(x, at))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or UriFormatException)
        {
            throw new ProblemException(new Problem($"{at} is no answer of a Python package index",
                Expected: "the simple repository API (PEP 691)"), e);
        }
    }

    static ProjectFile ReadFile(JsonElement file, Uri at)
    {
        string? Text(string name) => file.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        bool Says(string name) => file.TryGetProperty(name, out var value) && value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.Object => true,
            // Why, in place of whether.
            JsonValueKind.String => value.GetString()!.Length > 0,
            _ => false,
        };
        return new ProjectFile(file.GetProperty("filename").GetString()!,
            new Uri(at, file.GetProperty("url").GetString()),
            file.GetProperty("hashes").TryGetProperty("sha256", out var sha256) ? sha256.GetString() : null)
        {
            RequiresPython = Text("requires-python") is { Length: > 0 } requires ? requires : null,
            IsYanked = Says("yanked"),
            Uploaded = DateTimeOffset.TryParse(Text("upload-time"),
                System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.AssumeUniversal, out var time) ? time : null,
            Size = file.TryGetProperty("size", out var size) && size.TryGetInt64(out var bytes) ? bytes : null,
            HasMetadata = Says("core-metadata") || Says("dist-info-metadata") || Says("data-dist-info-metadata"),
        };
    }

    static IReadOnlyList<ProjectFile> ReadHtml(string body, Uri at)
    {
        var document = new HtmlParser().ParseDocument(body);
        // The page may say what its links are relative to.
        var root = document.QuerySelector("base")?.GetAttribute("href") is { } href ? new Uri(at, href) : at;
        return
        [
            .. document.QuerySelectorAll("a").Select(x => (Link: x, Target: x.GetAttribute("href")))
                .Where(x => x.Target is not null)
                .Select(x => (x.Link, Url: new Uri(root, x.Target)))
                .Select(x => new ProjectFile(x.Link.TextContent.Trim(),
                    new UriBuilder(x.Url) { Fragment = "" }.Uri,
                    x.Url.Fragment.StartsWith("#sha256=", StringComparison.Ordinal) ? x.Url.Fragment[8..] : null)
                {
                    RequiresPython = x.Link.GetAttribute("data-requires-python"),
                    IsYanked = x.Link.HasAttribute("data-yanked"),
                    HasMetadata = x.Link.HasAttribute("data-core-metadata")
                        || x.Link.HasAttribute("data-dist-info-metadata"),
                }),
        ];
    }

    /// <returns>Null where it is not there.</returns>
    async Task<HttpResponseMessage?> GetAsync(Uri address, CancellationToken cancellation)
    {
        var pause = wait ?? TimeSpan.FromSeconds(1);
        for (var attempt = 1; ; attempt++, pause *= 2)
        {
            var (why, remedy) = ("", "Check the network and run the same command again");
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, address);
                request.Headers.Authorization = index.AuthorizationFor(address);
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Json));
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Html, 0.2));
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html", 0.1));
                var response = await client.SendAsync(request, cancellation);
                if (response.IsSuccessStatusCode) return response;
                using (response)
                {
                    if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone) return null;
                    if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                        throw Refusal(address, response.StatusCode);
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
                var problem = RequestFailure.Describe(address.Authority, e);
                if (RequestFailure.ProblemIn(e) is not null) throw new ProblemException(problem, e);
                (why, remedy) = (e.GetBaseException().Message.TrimEnd('.'), problem.Remedy ?? remedy);
            }

            if (attempt >= Attempts) throw new ProblemException($"{address} cannot be had ({why})", remedy);
            await Task.Delay(pause, cancellation);
        }
    }

    ProblemException Refusal(Uri address, HttpStatusCode status)
    {
        var name = index.Name.Length > 0 ? index.Name : "NAME";
        var (user, password) = (PackageIndex.VariableOf(name, "USERNAME"), PackageIndex.VariableOf(name, "PASSWORD"));
        return new ProblemException(
            $"the index {index} answers {(int)status} to the request for {address.AbsolutePath}",
            index.Credential is null
                ? $"Name a user and a password: {user} and {password}"
                    + (index.Name.Length > 0 ? "" : " of an index with a name (--default-index name=https://…)")
                    + ", or ~/.netrc"
                : $"Correct the user '{index.Credential.UserName}' or its password ({user}, {password}, ~/.netrc)");
    }
}
