using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Network;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Locks;

/// <summary>
/// Brings one file into the store, from the first place that has it. What arrives is hashed on the way; what breaks off
/// goes on where it was, in this run or the next.
/// </summary>
/// <param name="http">Sends the requests.</param>
/// <param name="retry">Repeats what fails for a passing reason.</param>
/// <param name="input">What is wanted.</param>
/// <param name="received">Told of bytes as they arrive; fewer than none when they are given up.</param>
sealed class InputDownload(HttpClient http, RegistryRetry retry, InputStore store, WantedInput input,
    Action<long> received)
{
    readonly AbsolutePath _partial = store.PartialOf(input.Sha256);

    /// <exception cref="ProblemException">No place has it; says what each of them has.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var held = await store.AcquireAsync(input.Sha256, cancellation);
        if (store.Has(input.Sha256))
        {
            store.ForgetLock(input.Sha256);
            return;
        }

        if (input.Download is { } download)
        {
            await AskAsync(download, cancellation);
            return;
        }

        var refusals = new List<string>();
        foreach (var place in input.Places)
        {
            try
            {
                await FromAsync(place, cancellation);
                store.Accept(input.Sha256);
                return;
            }
            catch (ProblemException e)
            {
                refusals.Add(e.Problems.Count == 1 ? e.Problems[0].Found : e.Message);
            }
        }

        if (refusals.Count == 0) refusals.Add("it is nowhere but in the store");
        throw new ProblemException(new Problem($"{input.Name} cannot be had: {string.Join("; ", refusals)}",
            Expected: $"sha256:{input.Sha256}",
            Remedy: "Name another place with --input-mirrors, import it with --import-from, or run the target "
                + "Lock for what there is now"));
    }

    /// <summary>A registry is asked by its own client, which goes on where it was, and verifies.</summary>
    async Task AskAsync(Func<AbsolutePath, CancellationToken, Task> download, CancellationToken cancellation)
    {
        await download(_partial, cancellation);
        received(new FileInfo(_partial).Length);
        var found = await InputStore.HashAsync(_partial, cancellation);
        if (found != input.Sha256) throw new ProblemException(new Problem(
            $"{input.Name} is sha256:{found}", Expected: $"sha256:{input.Sha256}",
            Remedy: "Run the target Prefetch again"));
        store.Accept(input.Sha256);
    }

    async Task FromAsync(Uri place, CancellationToken cancellation)
    {
        var resumed = File.Exists(_partial) && new FileInfo(_partial).Length > 0;
        var (sha256, size) = place.IsFile
            ? await CopyAsync(place, cancellation)
            : await DownloadAsync(place, cancellation);
        // What was left may have been of other bytes; those of this place alone are what it is judged by.
        if (sha256 != input.Sha256 && resumed && !place.IsFile)
        {
            Forget(size);
            (sha256, size) = await DownloadAsync(place, cancellation);
        }

        if (sha256 == input.Sha256) return;
        Forget(size);
        throw new ProblemException($"{Shown(place)} gives other bytes, sha256:{sha256}");
    }

    void Forget(long size)
    {
        received(-size);
        File.Delete(_partial);
    }

    async Task<(string, long)> CopyAsync(Uri place, CancellationToken cancellation)
    {
        if (!File.Exists(place.LocalPath)) throw new ProblemException($"{place.LocalPath} is not there");
        File.Copy(place.LocalPath, _partial, overwrite: true);
        received(new FileInfo(_partial).Length);
        return (await InputStore.HashAsync(_partial, cancellation), new FileInfo(_partial).Length);
    }

    async Task<(string Sha256, long Size)> DownloadAsync(Uri place, CancellationToken cancellation)
    {
        await using var file = new FileStream(_partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0,
            FileOptions.Asynchronous);
        using var arriving = new Arriving(file, input.Size);
        received(await arriving.ReadAsync(cancellation));
        for (var done = false; !done;) done = await retry.RunAsync(async (attempt, token) =>
        {
            var before = file.Position;
            try
            {
                return await AttemptAsync(place, arriving, token);
            }
            catch (TransientFailure) when (file.Position > before && attempt > 0)
            {
                // It moves on: it has its full time again.
                return false;
            }
        }, cancellation: cancellation);
        return (arriving.Sha256, file.Position);
    }

    /// <returns>Whether all of it has arrived.</returns>
    async Task<bool> AttemptAsync(Uri place, Arriving arriving, CancellationToken cancellation)
    {
        if (arriving.IsWhole) return true;
        using var stall = new Stall(cancellation);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, place);
            request.Headers.Authorization = input.AuthorizationFor?.Invoke(place);
            if (arriving.Position > 0) request.Headers.Range = new RangeHeaderValue(arriving.Position, null);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
            // All that there is has arrived before: what it is, its digest says.
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && arriving.Position > 0)
                return true;
            if (TransientFailure.Is(response.StatusCode))
                throw new TransientFailure($"{Shown(place)} answers {(int)response.StatusCode}",
                    TransientFailure.RetryAfter(response.Headers.RetryAfter?.ToString(), DateTimeOffset.UtcNow));
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
                throw new ProblemException($"{Shown(place)} answers {(int)response.StatusCode}");
            // A server may give all of it all the same.
            if (response.StatusCode == HttpStatusCode.OK
                || response.Content.Headers.ContentRange?.From != arriving.Position)
            {
                if (response.StatusCode == HttpStatusCode.PartialContent)
                    throw new ProblemException($"{Shown(place)} gives another part than was asked for");
                received(-arriving.Position);
                if (arriving.Position > 0) arriving.Restart();
            }

            await using var content = await response.Content.ReadAsStreamAsync(stall.Token);
            await arriving.TakeAsync(content, x =>
            {
                stall.Moved();
                received(x);
            }, Shown(place), stall.Token);
            return true;
        }
        catch (OperationCanceledException e) when (!stall.IsCancelledByCaller)
        {
            throw new TransientFailure($"{Shown(place)} has fallen silent", inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !DiskFailure.Is(e))
        {
            throw TransientFailure.Is(e)
                ? new TransientFailure($"{Shown(place)}: {e.GetBaseException().Message.TrimEnd('.')}", inner: e)
                : new ProblemException(RequestFailure.Describe(Shown(place), e), e);
        }
    }

    static string Shown(Uri place) =>
        place.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>A file that grows, and its digest so far.</summary>
    sealed class Arriving(FileStream file, long? size) : IDisposable
    {
        readonly byte[] _buffer = new byte[1 << 18];
        IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public long Position => file.Position;

        public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

        /// <summary>Where nobody knows the size, the server says when there is no more.</summary>
        public bool IsWhole => file.Position == size;

        /// <summary>Hashes what an earlier run left; what is too long for the file, it cannot be of.</summary>
        public async Task<long> ReadAsync(CancellationToken cancellation)
        {
            if (file.Length > size) file.SetLength(0);
            for (var left = file.Length;
                left > 0 && await file.ReadAsync(_buffer, cancellation) is var count and > 0;
                left -= count)
                _hash.AppendData(_buffer, 0, count);
            return file.Position;
        }

        public void Restart()
        {
            file.SetLength(0);
            _hash.Dispose();
            _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        }

        public async Task TakeAsync(Stream content, Action<long> moved, string place, CancellationToken cancellation)
        {
            while (await content.ReadAsync(_buffer, cancellation) is var count and > 0)
            {
                if (file.Position + count > size) throw new ProblemException($"{place} gives more than {size} bytes");
                _hash.AppendData(_buffer, 0, count);
                await file.WriteAsync(_buffer.AsMemory(0, count), cancellation);
                moved(count);
            }
        }

        public void Dispose() => _hash.Dispose();
    }
}
