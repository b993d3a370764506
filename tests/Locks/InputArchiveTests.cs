using System.Text;
using OpenStack.Diagnostics;
using OpenStack.Locks;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Locks;

public sealed class InputArchiveTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly InputServer _server = new();
    readonly InputStore _store;
    readonly IReadOnlyList<WantedInput> _inputs;

    public InputArchiveTests()
    {
        _store = new InputStore(_directory / "inputs");
        _inputs = [.. Enumerable.Range(1, 5).Select(x => _server.Offer($"file-{x}.deb", x * 1000))];
    }

    public void Dispose()
    {
        _server.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task ASiteWithoutInternetGetsTheSame()
    {
        var archive = await WriteAsync("a.tar", _inputs);
        Assert.Equal(File.ReadAllBytes(archive), File.ReadAllBytes(await WriteAsync("b.tar", _inputs.Reverse())));
        var elsewhere = new InputStore(_directory / "elsewhere");
        var (files, added) = await InputArchive.ReadAsync(archive, elsewhere);
        Assert.Equal(_inputs.Select(x => x.Name), files.Select(x => x.Name).Order(StringComparer.Ordinal));
        Assert.Equal(5, added);
        Assert.Equal(0, (await InputArchive.ReadAsync(archive, elsewhere)).New);
        var (missing, damaged) = await elsewhere.VerifyAsync([.. _inputs.Select(x => x.Sha256)]);
        Assert.Empty(missing);
        Assert.Empty(damaged);
    }

    [Fact]
    public async Task AByteThatIsAnotherIsToldAndTheRestIsTaken()
    {
        var archive = await WriteAsync("a.tar", _inputs);
        var bytes = await File.ReadAllBytesAsync(archive);
        bytes[bytes.AsSpan().IndexOf(_server.Content("file-3.deb")) + 1500] ^= 1;
        await File.WriteAllBytesAsync(archive, bytes);
        var elsewhere = new InputStore(_directory / "elsewhere");
        var problem = Assert.Single((await Assert.ThrowsAsync<ProblemException>(() =>
            InputArchive.ReadAsync(archive, elsewhere))).Problems);
        Assert.Equal($"sha256:{_inputs[2].Sha256}", problem.Expected);
        Assert.Equal(_inputs.Where((_, i) => i != 2).Select(x => x.Sha256).Order(StringComparer.Ordinal),
            Directory.GetFiles(elsewhere.Directory / "sha256")
                .Select(x => Path.GetFileName(x)!)
                .Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(elsewhere.Directory / "partial", "*[0-9a-f]"));
    }

    [Theory]
    [InlineData("cut", "")]
    [InlineData("manifest", "its manifest is not sha256:")]
    [InlineData("text", "")]
    [InlineData("empty", "it has no index.json")]
    public async Task WhatIsNoArchiveIsToldSo(string what, string why)
    {
        var archive = await WriteAsync("a.tar", _inputs);
        var bytes = await File.ReadAllBytesAsync(archive);
        if (what == "manifest") bytes[bytes.AsSpan().IndexOf("file-1.deb"u8)] = (byte)'g';
        await File.WriteAllBytesAsync(archive, what switch
        {
            "cut" => bytes[..(bytes.Length / 2)],
            "text" => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("not a tar archive\n", 100))),
            "empty" => new byte[1024],
            _ => bytes,
        });
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            InputArchive.ReadAsync(archive, new InputStore(_directory / "elsewhere")));
        Assert.Contains($"this is no archive of inputs: {why}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsNotThereIsToldSo()
    {
        var problem =
            await Assert.ThrowsAsync<ProblemException>(() => InputArchive.ReadAsync(_directory / "none.tar", _store));
        Assert.Contains("none.tar cannot be read", problem.Message, StringComparison.Ordinal);
    }

    async Task<Nuke.Common.IO.AbsolutePath> WriteAsync(string name, IEnumerable<WantedInput> inputs)
    {
        await new Prefetcher(_store, new Watch()).RunAsync(_inputs);
        await using var output = File.Create(_directory / name);
        await InputArchive.WriteAsync(_store, inputs, [], output);
        return _directory / name;
    }
}
