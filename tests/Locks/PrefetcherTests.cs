using OpenStack.Diagnostics;
using OpenStack.Locks;
using OpenStack.Oci;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Locks;

public sealed class PrefetcherTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly InputServer _server = new();
    readonly InputStore _store;

    public PrefetcherTests() => _store = new InputStore(_directory / "inputs");

    public void Dispose()
    {
        _server.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task WhatIsThereIsNotFetchedAgain()
    {
        var inputs = Enumerable.Range(1, 40).Select(x => _server.Offer($"file-{x}", x * 1000)).ToList();
        var report = await FetchAsync(inputs);
        Assert.Equal((40, 820_000, 0), (report.Fetched, report.Bytes, report.Present));
        foreach (var input in inputs)
            Assert.Equal(_server.Content(input.Name), await File.ReadAllBytesAsync(_store.PathOf(input.Sha256)));
        Assert.Equal(40, _server.Seen.Count);
        report = await FetchAsync([.. inputs, _server.Offer("one-more", 5)]);
        Assert.Equal((1, 5, 40), (report.Fetched, report.Bytes, report.Present));
        Assert.Equal(41, _server.Seen.Count);
        Assert.Empty(Directory.GetFiles(_directory / "inputs/partial"));
    }

    [Fact]
    public async Task WhatBreaksOffGoesOnWhereItWas()
    {
        var input = _server.Offer("large", 1_000_000);
        _server.Decide = (_, before) => before switch { 0 => Serving.Cut, 1 => Serving.Busy, _ => Serving.Whole };
        await FetchAsync([input]);
        Assert.Equal(_server.Content("large"), await File.ReadAllBytesAsync(_store.PathOf(input.Sha256)));
        Assert.Equal(["", "bytes=500000-", "bytes=500000-"], _server.Seen.Select(x => x.Range));
    }

    /// <summary>Killed while it wrote, at whatever byte; what was left may also be of something else.</summary>
    [Theory]
    [InlineData(700, true, "bytes=700-")]
    [InlineData(1000, true, null)]
    [InlineData(1200, false, "")]
    [InlineData(700, false, "bytes=700-", "")]
    public async Task WhatAKilledRunLeftIsUsedIfItIsRight(int left, bool isRight, params string[]? asked)
    {
        var input = _server.Offer("file", 1000);
        WritePartial(input, isRight ? _server.Content("file")[..left] : new byte[left]);
        await FetchAsync([input]);
        Assert.Equal(_server.Content("file"), await File.ReadAllBytesAsync(_store.PathOf(input.Sha256)));
        Assert.Equal(asked ?? [], _server.Seen.Select(x => x.Range));
    }

    /// <summary>Of an index that does not say how large files are.</summary>
    [Fact]
    public async Task WithoutASizeTheServerSaysWhenThereIsNoMore()
    {
        var input = _server.Offer("file", 1000) with { Size = null };
        WritePartial(input, _server.Content("file"));
        await FetchAsync([input]);
        Assert.Equal(["bytes=1000-"], _server.Seen.Select(x => x.Range));
        Assert.True(_store.Has(input.Sha256));
    }

    [Fact]
    public async Task AServerThatKnowsNoPartsGivesAllOfIt()
    {
        var input = _server.Offer("file", 1000);
        _server.Decide = (_, _) => Serving.NoRanges;
        WritePartial(input, _server.Content("file")[..700]);
        await FetchAsync([input]);
        Assert.Equal(_server.Content("file"), await File.ReadAllBytesAsync(_store.PathOf(input.Sha256)));
    }

    [Theory]
    [InlineData(Serving.Missing)]
    [InlineData(Serving.OtherBytes)]
    [InlineData(Serving.MoreBytes)]
    [InlineData(Serving.Busy)]
    [InlineData(Serving.Cut)]
    public async Task OnePlaceAfterTheOtherIsAsked(object serving)
    {
        using var mirror = new InputServer { Decide = (_, _) => (Serving)serving };
        var input = _server.Offer("file", 1000, mirror);
        await FetchAsync([input], budget: TimeSpan.FromMilliseconds(300));
        Assert.Equal(_server.Content("file"), await File.ReadAllBytesAsync(_store.PathOf(input.Sha256)));
        Assert.NotEmpty(mirror.Seen);
    }

    [Fact]
    public async Task NobodyIsThereIsAnAnswerToo()
    {
        var input = _server.Offer("file", 1000);
        await FetchAsync([input with { Places = [new Uri("http://127.0.0.1:1/file"), .. input.Places] }]);
        Assert.True(_store.Has(input.Sha256));
    }

    /// <summary>All of them at once, each with what its places say, and the rest is kept.</summary>
    [Fact]
    public async Task WhatNobodyHasIsNamed()
    {
        using var mirror = new InputServer { Decide = (_, _) => Serving.OtherBytes };
        var (gone, wrong, good) = (_server.Offer("gone", 1000), _server.Offer("wrong", 1000, mirror),
            _server.Offer("good", 1000));
        _server.Decide = (path, _) => path == "/good" ? Serving.Whole : Serving.Missing;
        var problems = (await Assert.ThrowsAsync<ProblemException>(() => FetchAsync([gone, wrong, good,
            gone with { Name = "nowhere", Sha256 = SmallLock.Hex('0'), Places = [] }]))).Problems;
        Assert.Equal(3, problems.Count);
        Assert.Contains(problems, x => x.Found == $"gone cannot be had: {_server.Url}gone answers 404");
        Assert.Contains(problems,
            x => x.Found.StartsWith($"wrong cannot be had: {mirror.Url}wrong gives other bytes, sha256:",
                StringComparison.Ordinal)
                && x.Found.EndsWith($"; {_server.Url}wrong answers 404", StringComparison.Ordinal)
                && x.Expected == $"sha256:{wrong.Sha256}");
        Assert.True(_store.Has(good.Sha256));
        Assert.False(_store.Has(wrong.Sha256));
    }

    [Fact]
    public async Task TwoAtOnceTakeTurns()
    {
        var inputs = Enumerable.Range(1, 20).Select(x => _server.Offer($"file-{x}", x * 10_000)).ToList();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => FetchAsync(inputs))));
        Assert.Equal(20, _server.Seen.Count);
        Assert.Equal(20, Directory.GetFiles(_directory / "inputs/sha256").Length);
        Assert.Empty(Directory.GetFiles(_directory / "inputs/partial"));
    }

    [Fact]
    public async Task WhatTheDiskHasDamagedIsFetchedAgain()
    {
        var input = _server.Offer("file", 1000);
        await FetchAsync([input]);
        File.Delete(_store.PathOf(input.Sha256));
        await File.WriteAllBytesAsync(_store.PathOf(input.Sha256), new byte[1000]);
        var report = await FetchAsync([input]);
        Assert.Equal(["file"], report.Damaged);
        Assert.Equal(_server.Content("file"), await File.ReadAllBytesAsync(_store.PathOf(input.Sha256)));
    }

    [Fact]
    public async Task AFullDiskIsSaid()
    {
        var input = _server.Offer("file", 1000);
        Directory.CreateDirectory(_directory / "inputs/partial");
        File.CreateSymbolicLink(_directory / "inputs/partial" / input.Sha256, "/dev/full");
        var problem = await Assert.ThrowsAsync<ProblemException>(() => FetchAsync([input]));
        Assert.Contains("The disk is full", problem.Message, StringComparison.Ordinal);
        Assert.False(_store.Has(input.Sha256));
    }

    [Fact]
    public async Task FilesOfADirectoryAreCopied()
    {
        var input = _server.Offer("file", 1000);
        await File.WriteAllBytesAsync(_directory / "wheel", _server.Content("file"));
        await FetchAsync([input with { Places = [new Uri(_directory / "nothing"), new Uri(_directory / "wheel")] }]);
        Assert.True(_store.Has(input.Sha256));
        Assert.Empty(_server.Seen);
    }

    [Fact]
    public async Task WhatNoLockNamesIsRemoved()
    {
        var (kept, old, begun) = (_server.Offer("kept", 1000), _server.Offer("old", 2000),
            _server.Offer("begun", 3000));
        await FetchAsync([kept, old]);
        WritePartial(begun, new byte[500]);
        // Of one that is wanted, beside its file: nobody goes on with that.
        File.WriteAllBytes(_directory / "inputs/partial" / $"{kept.Sha256}.1-2.tmp", new byte[100]);
        Assert.Equal((3, 2600), _store.Prune(new HashSet<string> { kept.Sha256 }));
        Assert.Equal([kept.Sha256], Directory.GetFiles(_directory / "inputs/sha256").Select(Path.GetFileName));
        Assert.Empty(Directory.GetFiles(_directory / "inputs/partial"));
    }

    Task<PrefetchReport> FetchAsync(IReadOnlyList<WantedInput> inputs, TimeSpan? budget = null) =>
        new Prefetcher(_store, new Watch())
        {
            Retry = new RegistryRetry(first: TimeSpan.FromMilliseconds(10), most: TimeSpan.FromMilliseconds(50),
                budget: budget ?? TimeSpan.FromSeconds(5)),
        }.RunAsync(inputs);

    void WritePartial(WantedInput input, byte[] content)
    {
        Directory.CreateDirectory(_directory / "inputs/partial");
        File.WriteAllBytes(_directory / "inputs/partial" / input.Sha256, content);
    }
}
