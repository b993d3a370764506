using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

/// <summary>Branches of series that are no longer maintained, with real git on both sides.</summary>
public sealed class RefSuccessorsTests : IDisposable
{
    static readonly DateOnly s_end = new(2026, 10, 2);

    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _upstream;
    readonly string _stable;

    public RefSuccessorsTests()
    {
        _upstream = new Upstream(_temporary / "upstream");
        _stable = _upstream.Commit("x", ("setup.cfg", "[metadata]\nname = keystone\n"));
        _upstream.Tag("27.0.0");
        _upstream.Git("branch", "stable/2025.1");
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task ABranchThatIsThereIsTakenWhateverItsSeries() =>
        Assert.Equal(("stable/2025.1", RefKind.Branch, _stable, null), await ResolveAsync("stable/2025.1"));

    [Fact]
    public async Task ABranchThatIsGoneIsTakenUnderItsLaterName()
    {
        var later = Rename("unmaintained/2025.1");
        const string note = "is gone, as 2025.1 (Epoxy) is unmaintained since 2026-10-02 by plan: "
            + "'unmaintained/2025.1' takes its place";
        Assert.Equal(("unmaintained/2025.1", RefKind.Branch, later, $"'stable/2025.1' {note}"),
            await ResolveAsync("stable/2025.1"));
        Assert.Equal(("unmaintained/2025.1", RefKind.Branch, later, $"'refs/heads/stable/2025.1' {note}"),
            await ResolveAsync("refs/heads/stable/2025.1"));
        // What is checked out calls itself what it is.
        var resolved = (await Resolver().ResolveAsync([RequestOf("stable/2025.1", s_end)])).Refs[0];
        Assert.Equal("unmaintained/2025.1", resolved.Branch);
        var mirror = new Mirror(_temporary / "mirrors", "keystone", _upstream.Url);
        Assert.Null(await Checkout.WriteAsync(mirror, resolved.Commit, _temporary / "tree"));
        Assert.Equal("27.0.1.dev1", SourceTree.Describe(resolved, mirror.Directory, _temporary / "tree").Version);
    }

    [Fact]
    public async Task AndAsTheTagWhereItEnded()
    {
        Rename("unmaintained/2025.1");
        _upstream.Git("tag", "2025.1-eom", "27.0.0");
        _upstream.Git("tag", "epoxy-eol", "unmaintained/2025.1");
        _upstream.Git("branch", "-D", "unmaintained/2025.1");
        Assert.Equal(("epoxy-eol", RefKind.Tag), await PartAsync("stable/2025.1"));
        Assert.Equal(("epoxy-eol", RefKind.Tag), await PartAsync("unmaintained/2025.1"));
        _upstream.Git("tag", "2025.1-eol", "epoxy-eol");
        Assert.Equal(("2025.1-eol", RefKind.Tag), await PartAsync("stable/2025.1"));
        _upstream.Git("tag", "-d", "epoxy-eol", "2025.1-eol");
        Assert.Equal(("2025.1-eom", RefKind.Tag), await PartAsync("stable/2025.1"));

        async Task<(string, RefKind)> PartAsync(string reference) =>
            await ResolveAsync(reference) is var x ? (x.Ref, x.Kind) : default;
    }

    [Fact]
    public async Task WithoutDataThatSayItNothingIsGuessed()
    {
        Rename("unmaintained/2025.1");
        foreach (var request in new[]
        {
            RequestOf("stable/2025.1", s_end.AddDays(-1)), RequestOf("stable/2024.1", s_end),
            RequestOf("feature/2025.1", s_end), RequestOf("stable/2025.1/x", s_end), RequestOf("27.0.9", s_end),
        })
        {
            Assert.Null(request.Successors);
            var e = await Assert.ThrowsAsync<ProblemException>(() => Resolver().ResolveAsync([request]));
            Assert.Contains($"there is no branch or tag '{request.Ref}'", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OfManyComponentsItIsSaidOnce()
    {
        Rename("unmaintained/2025.1");
        var request = RequestOf("stable/2025.1", s_end);
        Assert.Single((await Resolver().ResolveAsync([request, request with { Component = "nova" }])).Notes);
    }

    [Fact]
    public async Task WhereNobodyCanBeAskedTheMirrorKnowsIt()
    {
        var later = Rename("unmaintained/2025.1");
        var remote = "http://127.0.0.1:9/keystone";
        var mirror = new Mirror(_temporary / "mirrors", "keystone", _upstream.Url);
        await mirror.EnsureAsync(later);
        var unreachable = new Mirror(_temporary / "mirrors", "keystone", remote).Directory;
        Directory.Move(mirror.Directory, unreachable);
        File.WriteAllText(unreachable / "remote", remote);
        var resolution = await Resolver().ResolveAsync([RequestOf("stable/2025.1", s_end) with { Remote = remote }]);
        Assert.Equal(("unmaintained/2025.1", later), (resolution.Refs[0].Ref, resolution.Refs[0].Commit));
        Assert.Contains("'unmaintained/2025.1' takes its place from the mirror", Assert.Single(resolution.Notes),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "stable/2025.1 master")]
    [InlineData(SeriesStatus.Development, "stable/2025.1 master")]
    [InlineData(SeriesStatus.Maintained, "stable/2025.1 unmaintained/2025.1 master")]
    [InlineData(SeriesStatus.Unmaintained,
        "stable/2025.1 unmaintained/2025.1 2025.1-eol epoxy-eol 2025.1-eom epoxy-eom")]
    [InlineData(SeriesStatus.EndOfLife,
        "stable/2025.1 unmaintained/2025.1 2025.1-eol epoxy-eol 2025.1-eom epoxy-eom")]
    public void WhereAComponentOfASeriesMayBe(SeriesStatus? status, string places) => Assert.Equal(places,
        string.Join(' ', SeriesBranch.PlacesOf("2025.1", status is { } x ? new Series("2025.1", "epoxy", x) : null)));

    string Rename(string branch)
    {
        var tip = _upstream.Commit();
        _upstream.Git("branch", "-D", "stable/2025.1");
        _upstream.Git("branch", branch);
        return tip;
    }

    RefResolver Resolver() => new(_temporary / "mirrors", new NetworkRetry(1, TimeSpan.Zero));

    async Task<(string Ref, RefKind Kind, string Commit, string? Note)> ResolveAsync(string reference)
    {
        var resolution = await Resolver().ResolveAsync([RequestOf(reference, s_end)]);
        var resolved = resolution.Refs[0];
        return (resolved.Ref, resolved.Kind, resolved.Commit, resolution.Notes.SingleOrDefault());
    }

    RefRequest RequestOf(string reference, DateOnly today) => new("keystone", _upstream.Url, reference)
    {
        Successors = RefSuccessors.Of(reference, x => x == "2025.1" ? Epoxy : null, today),
    };

    static Series Epoxy => new("2025.1", "epoxy", SeriesStatus.Maintained)
    {
        NextStatus = SeriesStatus.Unmaintained,
        NextDate = s_end,
    };
}
