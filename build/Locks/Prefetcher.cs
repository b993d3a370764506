using System.Net.Http.Headers;
using OpenStack.Diagnostics;
using OpenStack.Network;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Locks;

/// <param name="Fetched">How many files came in.</param>
/// <param name="Bytes">How many bytes those have.</param>
/// <param name="Present">How many were there.</param>
/// <param name="Damaged">Files that were there and were not what they are called; they were fetched again.</param>
public sealed record PrefetchReport(int Fetched, long Bytes, int Present, IReadOnlyList<string> Damaged);

/// <summary>
/// Brings all that some images are built from into the store: several files at once, and nothing that is there.
/// </summary>
/// <param name="store">Where they are to be.</param>
/// <param name="watch">What a person follows it by.</param>
public sealed class Prefetcher(InputStore store, Watch watch)
{
    /// <summary>What an archive's or an index's server takes from one client without slowing it down.</summary>
    const int AtOnce = 8;

    /// <summary>How long one place may go on failing before the next is asked; there may be none.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>How repetitions are spaced; tests have less time.</summary>
    internal RegistryRetry Retry { get; init; } = new(budget: s_patience, onWait: watch.Tell);

    /// <exception cref="ProblemException">All files that cannot be had, each with what its places say.</exception>
    public async Task<PrefetchReport> RunAsync(IReadOnlyList<WantedInput> inputs,
        CancellationToken cancellation = default)
    {
        inputs = [.. inputs.DistinctBy(x => x.Sha256)];
        var (missing, damaged) = await store.VerifyAsync([.. inputs.Select(x => x.Sha256)], cancellation);
        var names = inputs.ToDictionary(x => x.Sha256, x => x.Name);
        // The largest first: none of them is what is waited for at the end.
        var wanted = inputs.Where(x => missing.Contains(x.Sha256)).OrderByDescending(x => x.Size ?? 0).ToList();
        var progress = new Arrival(wanted.Count, wanted.Sum(x => x.Size ?? 0));
        if (wanted.Count > 0) await FetchAsync(wanted, progress, cancellation);
        return new PrefetchReport(wanted.Count, wanted.Sum(x => new FileInfo(store.PathOf(x.Sha256)).Length),
            inputs.Count - wanted.Count, [.. damaged.Select(x => names[x])]);
    }

    /// <summary>Sends the requests; where it is not given, one of each run's own.</summary>
    public HttpClient? Http { get; init; }

    /// <summary>One that may take as long as files do; what falls silent is noticed otherwise.</summary>
    public static HttpClient NewClient()
    {
        var handler = TlsTrust.NewHandler();
        handler.MaxConnectionsPerServer = AtOnce;
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("openstack-images", "1.0"));
        return http;
    }

    async Task FetchAsync(List<WantedInput> wanted, Arrival progress, CancellationToken cancellation)
    {
        using var own = Http is null ? NewClient() : null;
        var http = Http ?? own!;
        using var work = watch.Begin("downloads", () => progress.State,
            new Transfer(() => progress.Expected, () => progress.Bytes));
        try
        {
            await Problems.CollectAsync(wanted, async (x, token) =>
            {
                await new InputDownload(http, Retry, store, x, progress.Received).RunAsync(token);
                progress.Done();
            }, AtOnce);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Describe(e, store.Directory);
        }
    }

    /// <summary>What has arrived.</summary>
    sealed class Arrival(int files, long bytes)
    {
        long _received;
        int _done;

        public void Received(long count) => Interlocked.Add(ref _received, count);

        public void Done() => Interlocked.Increment(ref _done);

        /// <summary><c>12 of 97 files</c>.</summary>
        public string State => $"{Volatile.Read(ref _done)} of {files} files";

        public long Expected => bytes;

        public long Bytes => Interlocked.Read(ref _received);
    }
}
