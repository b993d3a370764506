using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>
/// BuildKit's cache of images in a directory that outlives the engine's: what each was built of and its layers, not those of the stages
/// before (<c>mode=min</c>). Each image × release × platform has a directory of its own in it, so that none keeps another's alive.
/// </summary>
/// <param name="directory">Holds all of them.</param>
public sealed class BuildCache(AbsolutePath directory)
{
    readonly string _aside = $".{Environment.ProcessId}.making";

    /// <summary>A graph whose images come from the cache as far as it has them, and go into it.</summary>
    public IReadOnlyDictionary<string, BakeTarget> Apply(IReadOnlyDictionary<string, BakeTarget> targets)
    {
        Directory.CreateDirectory(directory);
        return targets.ToDictionary(x => x.Key, x => IsImage(x.Value)
            ? x.Value with
            {
                CacheFrom = File.Exists(PlaceOf(x.Key, x.Value) / "index.json") ? [$"type=local,\"src={PlaceOf(x.Key, x.Value)}\""] : [],
                CacheTo = [$"type=local,mode=min,\"dest={PlaceOf(x.Key, x.Value)}{_aside}\""],
            }
            : x.Value);
    }

    /// <summary>Puts what BuildKit wrote in the place of what was there: what no image needs any more is gone with it.</summary>
    public async Task AcceptAsync(IReadOnlyDictionary<string, BakeTarget> targets)
    {
        foreach (var place in targets.Where(x => IsImage(x.Value)).Select(x => PlaceOf(x.Key, x.Value)))
        {
            using var held = await FileLock.AcquireAsync($"{place}.lock");
            if (Directory.Exists(place)) Directory.Delete(place, recursive: true);
            Directory.Move($"{place}{_aside}", place);
        }
    }

    /// <summary>Removes what a build that failed left.</summary>
    public void Discard(IReadOnlyDictionary<string, BakeTarget> targets)
    {
        foreach (var left in targets.Where(x => IsImage(x.Value)).Select(x => $"{PlaceOf(x.Key, x.Value)}{_aside}").Where(Directory.Exists)) Directory.Delete(left, recursive: true);
    }

    AbsolutePath PlaceOf(string name, BakeTarget target) => directory / $"{name}-{PlatformName.ForFiles(target.Platforms[0])}";

    static bool IsImage(BakeTarget target) => target.Output.Any(x => x.StartsWith("type=oci", StringComparison.Ordinal));
}
