using System.Text.Json;
using System.Text.Json.Serialization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Locks;
using OpenStack.Storage;
using OpenStack.Wheels;

namespace OpenStack.Indexes;

/// <summary>
/// The files of a search, in one directory that builds install from: no step of theirs has a network, a password or an
/// index. Beside it is written where each file is from.
/// </summary>
/// <param name="store">Where files are kept by their digest.</param>
/// <param name="directory">Where they are laid out.</param>
public sealed class IndexWheelhouse(InputStore store, AbsolutePath directory)
{
    /// <summary>Sends the requests for files; where it is not given, one of each download's own.</summary>
    public HttpClient? Http { get; init; }

    AbsolutePath OriginsFile => $"{directory}.json";

    /// <summary>Lays out what was found, unless it is what lies there.</summary>
    /// <exception cref="ProblemException">All files that cannot be had.</exception>
    /// <returns>What was downloaded.</returns>
    public async Task<PrefetchReport> MakeAsync(IReadOnlyList<FoundDistribution> found, IndexList indexes,
        Watch watch, CancellationToken cancellation = default)
    {
        var arrived = await new Prefetcher(store, watch) { Http = Http }
            .RunAsync([.. found.Select(x => InputOf(x, indexes))], cancellation);
        var origins = JsonSerializer.Serialize(
            [.. found.Select(x => OriginOf(x, x.File)), .. found.Where(x => x.Source is not null)
                .Select(x => OriginOf(x, x.Source!) with { IsThere = false })],
            IndexOriginsJson.Default.ListIndexOrigin) + "\n";
        using var held = await FileLock.AcquireAsync($"{directory}.lock", cancellation: cancellation);
        if (Directory.Exists(directory) && File.Exists(OriginsFile)
            && await File.ReadAllTextAsync(OriginsFile, cancellation) == origins)
            return arrived;
        var aside = (AbsolutePath)$"{directory}{AtomicFile.Suffix}";
        await Removal.RemoveAsync(aside);
        Directory.CreateDirectory(aside);
        foreach (var file in found.Select(x => x.File).DistinctBy(x => x.Name))
            LinkedFile.Create(store.PathOf(file.Sha256!), aside / file.Name);
        File.Delete(OriginsFile);
        await Removal.RemoveAsync(directory);
        Directory.Move(aside, directory);
        AtomicFile.WriteText(OriginsFile, origins);
        return arrived;
    }

    /// <summary>A file that has to be looked into before all are known.</summary>
    public async Task<AbsolutePath> FetchAsync(FoundDistribution found, IndexList indexes, Watch watch)
    {
        await new Prefetcher(store, watch) { Http = Http }.RunAsync([InputOf(found, indexes)]);
        return store.PathOf(found.File.Sha256!);
    }

    /// <summary>Where each file is from, by digest; none where nothing was laid out.</summary>
    public IReadOnlyDictionary<string, IndexOrigin> Origins() => File.Exists(OriginsFile)
        ? JsonSerializer.Deserialize(File.ReadAllText(OriginsFile), IndexOriginsJson.Default.ListIndexOrigin)!
            .DistinctBy(x => x.Sha256).ToDictionary(x => x.Sha256)
        : new Dictionary<string, IndexOrigin>();

    /// <summary>The closure as one that was resolved with an index: files are where that has them.</summary>
    public IReadOnlyList<LockedDistribution> Place(IReadOnlyList<LockedDistribution> closure)
    {
        var origins = Origins();
        var sources = origins.Values.Where(x => !x.IsThere).ToLookup(x => (x.Name, x.Version));
        return
        [
            .. closure.Select(x => origins.GetValueOrDefault(x.File.Sha256) is not { } origin ? x : x with
            {
                File = x.File with { Url = origin.Url, Size = origin.Size },
                Source = sources[(origin.Name, origin.Version)]
                    .Select(y => new IndexFile(y.File, y.Url, y.Sha256) { Size = y.Size })
                    .FirstOrDefault(),
            }),
        ];
    }

    static WantedInput InputOf(FoundDistribution found, IndexList indexes) => new(found.File.Name,
        found.File.Sha256 ?? throw new ProblemException(new Problem(
            $"the index {found.Index} does not say what {found.File.Name} is", Expected: "its sha256",
            Remedy: "Take it from an index that does, or from a directory (--wheelhouse)")),
        found.File.Size, [found.File.Url])
    {
        AuthorizationFor = indexes.AuthorizationFor,
    };

    static IndexOrigin OriginOf(FoundDistribution found, ProjectFile file) => new(found.Name.Value, found.Version,
        file.Name, DistributionFile.PublicUrlOf(file.Url.GetLeftPart(UriPartial.Query), file.Name), file.Sha256 ?? "",
        file.Size, found.Index.Url.AbsoluteUri);
}

/// <summary>Where a file is from.</summary>
/// <param name="Url">Without credentials.</param>
/// <param name="Index">The index, without credentials.</param>
public sealed record IndexOrigin(string Name, string Version, string File, string Url, string Sha256, long? Size,
    string Index)
{
    /// <summary>Whether it was laid out; of the source of a wheel it is only known where it is.</summary>
    public bool IsThere { get; init; } = true;
}

/// <summary>Generated, because reflection costs start-up time.</summary>
[JsonSerializable(typeof(List<IndexOrigin>))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
sealed partial class IndexOriginsJson : JsonSerializerContext;
