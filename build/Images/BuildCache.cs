using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>
/// BuildKit's cache of images in a directory that outlives the engine's: what each was built of and its layers, not
/// those of the stages before (<c>mode=min</c>). Each image × release × platform has a directory of its own in it, so
/// that none keeps another's alive.
/// </summary>
/// <param name="directory">Holds all of them.</param>
public sealed class BuildCache(AbsolutePath directory)
{
    /// <summary>
    /// Lets a graph take its images from the cache as far as it has them, and keeps them in it. Two runs that build the
    /// same image take turns.
    /// </summary>
    /// <param name="targets">The graph.</param>
    /// <param name="build">Builds the graph that it is given; when it throws, the cache stays as it was.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task UseAsync(IReadOnlyDictionary<string, BakeTarget> targets,
        Func<IReadOnlyDictionary<string, BakeTarget>, Task> build, CancellationToken cancellation = default)
    {
        var places = targets.Where(x => IsImage(x.Value))
            .Select(x => PlaceOf(x.Key, x.Value))
            .Order(StringComparer.Ordinal)
            .ToList();
        var held = new List<FileLock>();
        try
        {
            // Always in the same order, so that two processes never wait for each other.
            foreach (var place in places)
                held.Add(await FileLock.AcquireAsync($"{place}.lock", cancellation: cancellation));
            // What a run that was killed left.
            foreach (var place in places) Delete(Aside(place));
            await build(targets.ToDictionary(x => x.Key,
                x => IsImage(x.Value) ? WithCache(x.Value, PlaceOf(x.Key, x.Value)) : x.Value));
            foreach (var place in places)
            {
                // What the image needs no more is gone with it.
                Delete(place);
                Directory.Move(Aside(place), place);
            }
        }
        finally
        {
            if (held.Count == places.Count) places.ForEach(x => Delete(Aside(x)));
            held.ForEach(x => x.Dispose());
        }
    }

    static BakeTarget WithCache(BakeTarget target, string place) => target with
    {
        CacheFrom = File.Exists($"{place}/index.json") ? [$"type=local,\"src={place}\""] : [],
        CacheTo = [$"type=local,mode=min,\"dest={Aside(place)}\""],
    };

    string PlaceOf(string name, BakeTarget target) =>
        directory / $"{name}-{PlatformName.ForFiles(target.Platforms[0])}";

    static string Aside(string place) => $"{place}.making";

    static bool IsImage(BakeTarget target) =>
        target.Output.Any(x => x.StartsWith("type=oci", StringComparison.Ordinal));

    static void Delete(string directory)
    {
        Storage.Removal.Remove(directory);
    }
}
