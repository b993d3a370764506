using System.Security.Cryptography;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Locks;

/// <summary>
/// Inputs by the digest of their bytes, <c>sha256/DIGEST</c>. A file is there whole and verified, or not at all: it is
/// made in <c>partial/</c>, where the next run finds what a killed one had of it, and renamed. Nothing in it is ever
/// changed.
/// </summary>
/// <param name="directory">Where it is; made when something comes in.</param>
public sealed class InputStore(AbsolutePath directory)
{
    public AbsolutePath Directory => directory;

    AbsolutePath Files => directory / "sha256";

    AbsolutePath Partials => directory / "partial";

    /// <summary>Where a file is, or would be.</summary>
    /// <param name="sha256">64 hexadecimal digits.</param>
    public AbsolutePath PathOf(string sha256) => Files / sha256;

    /// <summary>Whether it is there; what its bytes are, <see cref="VerifyAsync"/> says.</summary>
    public bool Has(string sha256) => File.Exists(PathOf(sha256));

    /// <summary>What messages say of an input that is not in it.</summary>
    internal static string Missing(string input) => $"{input} is not in the store";

    /// <summary>What messages say of an input that was not what it is called.</summary>
    internal static string Damaged(string input) =>
        $"{input} in the store has other bytes than those that are locked; it was removed";

    /// <summary>Where a file waits until it is whole.</summary>
    internal AbsolutePath PartialOf(string sha256) => Partials / sha256;

    /// <summary>Those that make it take turns.</summary>
    internal Task<FileLock> AcquireAsync(string sha256, CancellationToken cancellation) =>
        FileLock.AcquireAsync($"{PartialOf(sha256)}.lock", cancellation: cancellation);

    /// <summary>
    /// Takes in what was made at <see cref="PartialOf"/>, and what the caller verified; its lock is held.
    /// </summary>
    internal void Accept(string sha256)
    {
        System.IO.Directory.CreateDirectory(Files);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(PartialOf(sha256),
                UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Move(PartialOf(sha256), PathOf(sha256), overwrite: true);
        ForgetLock(sha256);
    }

    /// <summary>
    /// Removes the lock of a file that is there, while it is held: whoever waits for it finds the file.
    /// </summary>
    internal void ForgetLock(string sha256) => File.Delete($"{PartialOf(sha256)}.lock");

    /// <summary>
    /// Reads what is there of some files. One that is not what its name says, by a fault of the disk or somebody's
    /// hand, is removed.
    /// </summary>
    /// <returns>What is missing, and what was removed, by digest.</returns>
    public async Task<(IReadOnlySet<string> Missing, IReadOnlyList<string> Damaged)> VerifyAsync(
        IReadOnlyCollection<string> digests, CancellationToken cancellation = default)
    {
        var (missing, damaged) = (new HashSet<string>(), new List<string>());
        await Parallel.ForEachAsync(digests.Distinct(), cancellation, async (sha256, token) =>
        {
            if (Has(sha256) && await HashAsync(PathOf(sha256), token) == sha256) return;
            lock (missing) missing.Add(sha256);
            if (!Has(sha256)) return;
            lock (missing) damaged.Add(sha256);
            File.Delete(PathOf(sha256));
        });
        return (missing, [.. damaged.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Takes in a file, wherever it comes from, if it is the one.</summary>
    /// <returns>The digest that it has.</returns>
    public async Task<string> AddAsync(string sha256, Func<Stream> open, Action<long>? received = null,
        CancellationToken cancellation = default)
    {
        using var held = await AcquireAsync(sha256, cancellation);
        if (Has(sha256))
        {
            ForgetLock(sha256);
            return sha256;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var input = open())
        await using (var output = new FileStream(PartialOf(sha256), FileMode.Create, FileAccess.Write, FileShare.None,
            0, FileOptions.Asynchronous))
        {
            var buffer = new byte[1 << 20];
            while (await input.ReadAsync(buffer, cancellation) is var count and > 0)
            {
                hash.AppendData(buffer, 0, count);
                await output.WriteAsync(buffer.AsMemory(0, count), cancellation);
                received?.Invoke(count);
            }
        }

        var found = Convert.ToHexStringLower(hash.GetCurrentHash());
        if (found == sha256) Accept(sha256);
        else File.Delete(PartialOf(sha256));
        return found;
    }

    /// <summary>Removes what is not among these, and what killed runs began of others.</summary>
    /// <param name="keep">Digests, 64 hexadecimal digits each.</param>
    /// <returns>How many files, and how many bytes.</returns>
    public (int Count, long Bytes) Prune(IReadOnlySet<string> keep)
    {
        var (count, bytes) = (0, 0L);
        foreach (var file in new[] { Files, Partials }
            .Where(x => System.IO.Directory.Exists(x))
            .SelectMany(x => new DirectoryInfo(x).GetFiles()))
        {
            var sha256 = file.Name.Split('.')[0];
            // What a client left that writes beside its file is of no use to another.
            if (keep.Contains(sha256) && !file.Name.EndsWith(AtomicFile.Suffix, StringComparison.Ordinal)) continue;
            // What another run is at stays; its lock is nobody's but a run's that ended without it.
            using var held = FileLock.TryAcquire($"{PartialOf(sha256)}.lock");
            if (held is null) continue;
            if (!file.Name.EndsWith(".lock", StringComparison.Ordinal))
                (count, bytes) = (count + 1, bytes + file.Length);
            file.Delete();
            File.Delete($"{PartialOf(sha256)}.lock");
        }

        return (count, bytes);
    }

    internal static async Task<string> HashAsync(AbsolutePath file, CancellationToken cancellation)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0,
            FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }
}
