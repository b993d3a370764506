using Nuke.Common.IO;
using OpenStack.Images;

namespace OpenStack.Tests.Images;

public sealed class BuildCacheTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory().FullName;

    readonly IReadOnlyDictionary<string, BakeTarget> _targets = new Dictionary<string, BakeTarget>
    {
        ["nova-2025_1"] = Target(BakeFile.LayoutOutput("/out")),
        ["nova-2025_1-service"] = Target(BakeFile.NoOutput),
    };

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task AnImageIsReadFromWhatAnEarlierBuildWrote()
    {
        var cache = new BuildCache(_directory);
        var first = cache.Apply(_targets);
        Assert.Empty(first["nova-2025_1"].CacheFrom!);
        Assert.Null(first["nova-2025_1-service"].CacheTo);

        Write(first, "first");
        await cache.AcceptAsync(_targets);
        AbsolutePath place = _directory / "nova-2025_1-linux-arm64";
        var second = cache.Apply(_targets);
        Assert.Equal([$"type=local,\"src={place}\""], second["nova-2025_1"].CacheFrom!);

        // What a build that fails leaves is not taken for a cache, nor is the earlier one lost.
        Write(second, "half");
        cache.Discard(_targets);
        Assert.Equal("first", File.ReadAllText(place / "index.json"));

        Write(cache.Apply(_targets), "second");
        await cache.AcceptAsync(_targets);
        Assert.Equal("second", File.ReadAllText(place / "index.json"));
        Assert.Single(Directory.GetDirectories(_directory));
    }

    /// <summary>As BuildKit does.</summary>
    static void Write(IReadOnlyDictionary<string, BakeTarget> targets, string text)
    {
        AbsolutePath directory = targets["nova-2025_1"].CacheTo!.Single().Split("\"dest=")[1].TrimEnd('"');
        Directory.CreateDirectory(directory);
        File.WriteAllText(directory / "index.json", text);
    }

    static BakeTarget Target(string output) => new()
    {
        Context = "/context",
        Contexts = new Dictionary<string, string>(),
        Args = new Dictionary<string, string>(),
        Platforms = ["linux/arm64"],
        Output = [output],
    };
}
