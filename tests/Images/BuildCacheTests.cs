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
        await cache.UseAsync(_targets, first =>
        {
            Assert.Empty(first["nova-2025_1"].CacheFrom!);
            Assert.Null(first["nova-2025_1-service"].CacheTo);
            return Write(first, "first");
        });

        AbsolutePath place = _directory / "nova-2025_1-linux-arm64";
        // What a build that fails leaves is not taken for a cache, nor is the earlier one lost.
        await Assert.ThrowsAsync<InvalidOperationException>(() => cache.UseAsync(_targets, async second =>
        {
            Assert.Equal([$"type=local,\"src={place}\""], second["nova-2025_1"].CacheFrom!);
            await Write(second, "half");
            throw new InvalidOperationException();
        }));
        Assert.Equal("first", File.ReadAllText(place / "index.json"));

        await cache.UseAsync(_targets, x => Write(x, "second"));
        Assert.Equal("second", File.ReadAllText(place / "index.json"));
        Assert.Single(Directory.GetDirectories(_directory));
    }

    [Fact]
    public async Task WhatAKilledRunLeftIsGone()
    {
        Directory.CreateDirectory(_directory / "nova-2025_1-linux-arm64.making" / "blobs");
        await new BuildCache(_directory).UseAsync(_targets, x => Write(x, "first"));
        Assert.Equal(_directory / "nova-2025_1-linux-arm64",
            (AbsolutePath)Assert.Single(Directory.GetDirectories(_directory)));
        Assert.False(Directory.Exists(_directory / "nova-2025_1-linux-arm64" / "blobs"));
    }

    /// <summary>As BuildKit does.</summary>
    static Task Write(IReadOnlyDictionary<string, BakeTarget> targets, string text)
    {
        AbsolutePath directory = targets["nova-2025_1"].CacheTo!.Single().Split("\"dest=")[1].TrimEnd('"');
        Directory.CreateDirectory(directory);
        File.WriteAllText(directory / "index.json", text);
        return Task.CompletedTask;
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
