using System.Text.Json;
using OpenStack.Diagnostics;
using OpenStack.Holdings;
using OpenStack.Notes;
using OpenStack.Sbom;
using OpenStack.Sources;
using OpenStack.Storage;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Notes;

/// <summary>What one image brings that another has not, with a real history behind it.</summary>
public sealed class ReleaseNotesTests : IDisposable
{
    const string Fix = "Mend it\n\nCloses-Bug: #2085902\nRelated-Bug: #1\nCVE-2026-12345\n\n"
        + "Change-Id: I0123456789012345678901234567890123456789\n";

    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _upstream;
    readonly Mirror _mirror;
    readonly string _before;
    readonly string _after;
    readonly HeldPatch _mend;

    public ReleaseNotesTests()
    {
        _upstream = new Upstream(_temporary / "upstream");
        _before = _upstream.Commit("Before", ("a.py", "one\ntwo\n"));
        var fix = _upstream.Commit(Fix, ("a.py", "one\nthree\n"));
        _after = _upstream.Commit("After <b> | all\n\nOSSA-2026-002", ("b.py", "x\n"));
        _mend = Patch("0001-mend.patch", _upstream.Git("format-patch", "--stdout", "-1", fix) + "\n");
        _mirror = new Mirror(_temporary / "mirrors", "nova", _upstream.Url);
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task ANewVersionBringsItsCommitsAndTheFixThatWasAPatchIsNotLost()
    {
        var notes = await NotesAsync(Nova("31.3.0", _before, _mend), Nova("31.3.1", _after));
        var source = Assert.Single(notes.Sources);
        Assert.Equal(("nova", "31.3.0", "31.3.1", null), (source.Component, source.From, source.To, source.NotKnown));
        Assert.Equal(["After <b> | all", "Mend it"], source.Commits!.Select(x => x.Subject));
        Assert.Equal([2085902], source.Commits![1].Bugs);
        Assert.Empty(source.Gone!);
        var patch = Assert.Single(notes.Patches);
        Assert.Equal((PatchChange.Removed, "0001-mend.patch", "Mend it", true),
            (patch.Change, patch.Name, patch.Subject, patch.IsInSource));
        Assert.Contains("in its source, as commit", patch.Because, StringComparison.Ordinal);
        // The image before had the other fix.
        Assert.Equal(["OSSA-2026-002"], notes.Fixes);
        Assert.Empty(notes.Loses);
        Assert.Empty(notes.Closes);
        Assert.Equal([2085902], (await NotesAsync(Nova("31.3.0", _before), Nova("31.3.1", _after))).Closes);
    }

    [Fact]
    public async Task WhoGoesBackLosesAndIsTold()
    {
        var notes = await NotesAsync(Nova("31.3.1", _after), Nova("31.3.0", _before));
        Assert.Empty(notes.Sources[0].Commits!);
        Assert.Equal(2, notes.Sources[0].Gone!.Count);
        Assert.Equal(["CVE-2026-12345", "OSSA-2026-002"], notes.Loses);
        Assert.Contains("LOSES the fix of CVE-2026-12345, OSSA-2026-002", NotesText.Lines(notes));

        // Unless a patch has it.
        notes = await NotesAsync(Nova("31.3.1", _after), Nova("31.3.0", _before, _mend));
        Assert.Equal(["OSSA-2026-002"], notes.Loses);

        notes = await NotesAsync(Nova("31.3.0", _before, _mend), Nova("31.3.0", _before));
        Assert.Equal(["CVE-2026-12345"], notes.Loses);
        Assert.False(Assert.Single(notes.Patches).IsInSource);
        Assert.Empty(notes.Sources);
    }

    [Fact]
    public async Task WhatNobodyKnowsIsSaidToBeNotKnown()
    {
        string Reason(ReleaseNotes notes) => Assert.Single(notes.Sources).NotKnown!;
        Assert.Contains($"there is no mirror of {_upstream.Url}", Reason(await ReleaseNotes.OfAsync(
            Image("a", Nova("1", _before)), Image("b", Nova("2", _after)), new UpstreamHistory(_ => null))),
            StringComparison.Ordinal);
        var unheard = await NotesAsync(Nova("1", new string('a', 40)), Nova("2", _after));
        Assert.Contains(new string('a', 40), Reason(unheard), StringComparison.Ordinal);
        Assert.Null(Assert.Single(unheard.Sources).Commits);
        Assert.Contains("1 not known", NotesText.Summary(unheard), StringComparison.Ordinal);
        Assert.Equal("it was not built from source before", Reason(await NotesAsync(Nova("1", null),
            Nova("2", _after))));
        Assert.Equal("it is not built from source any more", Reason(await NotesAsync(Nova("1", _before),
            Nova("2", null))));
        Assert.Equal("it was not there before", Reason(await ReleaseNotes.OfAsync(Image("a"),
            Image("b", Nova("2", _after)), History)));

        // A patch of what is not built from source any more: nobody knows whether the fix is lost, and it is told.
        var gone = await NotesAsync(Nova("1", _before, _mend), Nova("2", null));
        Assert.Null(Assert.Single(gone.Patches).IsInSource);
        Assert.Equal(["CVE-2026-12345"], gone.Loses);
    }

    /// <summary>What is not in the mirror yet is fetched, unless it may not be.</summary>
    [Fact]
    public async Task AMirrorThatMayNotAskDoesNot()
    {
        var notes = await ReleaseNotes.OfAsync(Image("a", Nova("1", _before)), Image("b", Nova("2", _after)),
            new UpstreamHistory(_ => new Mirror(_temporary / "others", "nova", _upstream.Url) { IsOffline = true }));
        Assert.Contains("does not have", Assert.Single(notes.Sources).NotKnown, StringComparison.Ordinal);
    }

    [Fact]
    public void APatchIsTheSameByItsTextAndTheSameChangeByNameOrChangeId()
    {
        const string id = "Change-Id: I0123456789012345678901234567890123456789\n";
        HeldPatch[] before = [Patch("0001-a.patch", "a"), Patch("0002-b.patch", "b"), Patch("0003-c.patch", $"\n{id}c"),
            Patch("0004-d.patch", "d"), new("patch 5", null, null, []), new("patch 6", null, null, [])];
        HeldPatch[] after = [Patch("0001-renamed.patch", "a"), Patch("0002-b.patch", "B"),
            Patch("0009-other.patch", $"\n{id}C"), Patch("0004-e.patch", "e"), new("patch 5", null, null, [])];
        Assert.Equal(["0004-e.patch Added", "0002-b.patch Changed", "0009-other.patch Changed", "0004-d.patch Removed",
            "patch 6 Removed"], PatchNote.Compare(before, after).Select(x => $"{x.Patch.Name} {x.Change}"));
    }

    [Fact]
    public async Task ReleaseNotesReadAsTheyAre()
    {
        var (before, after) = (Image("keystone:1", Nova("31.3.0", _before, _mend), Package("libssl3", "3.0.17-1")),
            Image("keystone:2", Nova("31.3.1", _after, Patch("0001-other.patch",
                "Subject: Another\n\nCVE-2026-22222\nCloses-Bug: #2099999\n")), Package("libssl3", "3.0.18-1")));
        var notes = await ReleaseNotes.OfAsync(
            before with { Platforms = [before.Platforms[0], Arm(before.Platforms[0])] },
            after with { Platforms = [after.Platforms[0] with { Size = 131_000_000 }, Arm(after.Platforms[0])] },
            History);
        await Verify($"{string.Join('\n', NotesText.Lines(notes))}\n\n{NotesText.Markdown(notes)}\n{notes.ToJson()}");
    }

    [Fact]
    public void MoreCommitsThanAnybodyReadsAreInTheJsonAlone()
    {
        var commits = Enumerable.Range(0, 150).Select(x => new OpenStack.Updates.UpstreamChange($"{x:d40}", $"Do {x}",
            DateTimeOffset.UnixEpoch)).ToList();
        var notes = new ReleaseNotes("a", "b")
        {
            Platforms = [],
            Sources = [new SourceNote("nova", "1", "2", "x", "y") { Commits = commits, Gone = [] }],
            Patches = [],
            Packages = [],
        };
        Assert.Contains("50 more, which the JSON has", NotesText.Markdown(notes), StringComparison.Ordinal);
        Assert.Equal(150, JsonDocument.Parse(notes.ToJson()).RootElement.GetProperty("sources")[0]
            .GetProperty("commits").GetArrayLength());
    }

    [Fact]
    public async Task ImagesWithNoArchitectureInCommonAreNotCompared() =>
        Assert.Contains("no architecture in common", (await Assert.ThrowsAsync<ProblemException>(() =>
            ReleaseNotes.OfAsync(Image("a"), new NotedImage("b", []), History))).Message, StringComparison.Ordinal);

    /// <summary>As the build writes them.</summary>
    [Fact]
    public async Task SbomsOfTheBuildAreUnderstood()
    {
        var text = Sbom.BomOf.Image(Sbom.SmallService.Image(), Sbom.SmallService.Subject()).GetRawText();
        var bare = Sbom.BomOf.Image(Sbom.SmallService.Image()).GetRawText();
        NotedImage Read(string name, string sbom, long? size) =>
            NotedImage.Read(name, [new SbomDocument(sbom, name, size)]);
        var notes = await ReleaseNotes.OfAsync(Read("a", bare, 1_000_000), Read("b", text, 3_500_000), History);
        Assert.Equal(["keystone", "oslo.config"], notes.Sources.Select(x => x.Component));
        Assert.Equal(["Mend it", "Say so"], notes.Patches.Select(x => x.Subject));
        Assert.Equal(["CVE-2026-12345"], notes.Fixes);
        Assert.Equal([2085902], notes.Closes);
        Assert.Equal("0 commits in 0 components, 2 not known, 2 patches in, 0 out, 2 packages changed, +2.5 MB",
            NotesText.Summary(notes));
        Assert.Equal("amd64", Assert.Single(notes.Platforms).Platform);
    }

    UpstreamHistory History => new(x => x == _upstream.Url ? _mirror : null);

    Task<ReleaseNotes> NotesAsync(HeldComponent before, HeldComponent after) =>
        ReleaseNotes.OfAsync(Image("a", before), Image("b", after), History);

    HeldComponent Nova(string version, string? commit, params HeldPatch[] patches) => new("pypi/nova", "nova", version,
        commit, commit is null ? null : _upstream.Url, commit is null ? "Python distribution" : "built from source",
        patches);

    static HeldComponent Package(string name, string version) =>
        new($"deb/debian/{name}", name, version, null, null, "system package", []);

    static HeldPatch Patch(string name, string text) => new(name, Digest.OfText(text), text, []);

    static NotedPlatform Arm(NotedPlatform amd64) => new(amd64.Held with { Platform = "arm64" }, null);

    static NotedImage Image(string name, params HeldComponent[] components) =>
        new(name, [new NotedPlatform(new HeldImage(name, "amd64", $"sha256:{name}", components), 130_000_000)]);
}
