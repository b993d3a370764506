using OpenStack.Holdings;
using OpenStack.Sources;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Holdings;

/// <summary>Who has a change: by a patch, or because upstream had made it, which real histories tell.</summary>
public sealed class HoldingSearchTests : IDisposable
{
    const string Fix = "Mend it\n\nCVE-2026-12345\n\nChange-Id: I0123456789012345678901234567890123456789\n";

    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _upstream;
    readonly string _before;
    readonly string _fix;
    readonly string _after;
    readonly HeldPatch _patch;

    public HoldingSearchTests()
    {
        _upstream = new Upstream(_temporary / "upstream");
        _before = _upstream.Commit("Before", ("a.py", "one\ntwo\n"));
        _fix = _upstream.Commit(Fix, ("a.py", "one\nthree\n"));
        _after = _upstream.Commit("After", ("b.py", "x\n"));
        var mail = _upstream.Git("format-patch", "--stdout", "-1", _fix) + "\n";
        _patch = new HeldPatch("0001-mend.patch", null, mail, []);
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task WhoLacksAFixIsToldFromWhoHasItInItsSource()
    {
        var images = (FoundImage[])[Image("patched", Nova(_before, _patch)), Image("newer", Nova(_after)),
            Image("older", Nova(_before)), Image("unheard", Nova(new string('a', 40))),
            Image("other", new HeldComponent("pypi/keystone", "keystone", "1", _before, "elsewhere", "", [])),
            Image("wheel", Nova(null))];
        foreach (var change in (Change[])[Change.OfVulnerability("CVE-2026-12345"),
            Change.OfPatch("I0123456789012345678901234567890123456789"), Change.OfPatch("0001-mend.patch")])
        {
            var answers = await AskAsync(new Question(null, [], change), images);
            Assert.Equal(["patched Has", "newer Has", "older Lacks", "unheard Unknown", "wheel Unknown"],
                Shown(answers));
            Assert.StartsWith($"in its source, as commit {_fix[..10]}", answers[1].Because, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ACommitIsLookedForInTheHistoryOfWhatKnowsIt()
    {
        var images = (FoundImage[])[Image("newer", Nova(_after)), Image("older", Nova(_before)),
            Image("same", Nova(_fix)),
            Image("other", new HeldComponent("pypi/keystone", "keystone", "1", _before, "file:///nowhere", "", []))];
        Assert.Equal(["newer Has", "older Lacks", "same Has", "other Unknown"],
            Shown(await AskAsync(new Question(null, [], Change.OfCommit(_fix[..10])), images)));
        // Of no repository here: nobody can tell.
        Assert.All(await AskAsync(new Question(null, [], Change.OfCommit(new string('b', 40))), images),
            x => Assert.Equal(HoldingState.Unknown, x.State));
    }

    /// <summary>Without a mirror nobody can tell, which is not the same as lacking it.</summary>
    [Fact]
    public async Task WithoutAMirrorItIsNotKnown()
    {
        var images = (FoundImage[])[Image("patched", Nova(_before, _patch)), Image("newer", Nova(_after))];
        var answers = await new HoldingSearch(new RefHistory(_ => null)).AnswerAsync(
            new Question(null, [], Change.OfVulnerability("CVE-2026-12345")), images);
        Assert.Equal(["patched Has", "newer Unknown"], Shown(answers));
        Assert.Contains("run ResolveRefs", answers[1].Because, StringComparison.Ordinal);
    }

    /// <summary>Whoever knows the versions that are concerned says so, and what is mended there is not.</summary>
    [Fact]
    public async Task AVulnerabilityOfVersionsIsLackedByThoseThatAreNotMended()
    {
        static HeldComponent Library(string version, params HeldPatch[] patches) =>
            new("pypi/oslo-messaging", "oslo.messaging", version, null, null, "Python distribution", patches);
        var images = (FoundImage[])[Image("old", Library("16.1.0")), Image("new", Library("16.1.1")),
            Image("mended", Library("16.1.0", _patch))];
        var question = Question.Of("oslo.messaging", "<16.1.1",
            new Dictionary<string, Func<Change>?> { ["--cve"] = () => Change.OfVulnerability("CVE-2026-12345") });
        Assert.Equal(["old Lacks", "mended Has"], Shown(await AskAsync(question, images)));
    }

    [Fact]
    public async Task APackageIsFoundAndTheReportSaysAll()
    {
        var images = new ImageHoldings();
        var question = Question.Of("nova", null, new Dictionary<string, Func<Change>?>());
        var answers = await AskAsync(question, [Image("a", Nova(_after)), Image("b", Nova(null))]);
        var report = HoldingReport.Of(question, images, [.. answers,
            new("c", [], "", "sha256:x", "", "", HoldingState.Unknown, "it has no SBOM attached")]);
        Assert.Equal("2 have it, 0 lack it, 1 not known, of 0 images", report.Summary);
        Assert.Equal(["c", "a", "b"], report.Table.Rows.Select(x => x[0]));
        Assert.Equal("c: not known, it has no SBOM attached",
            Assert.Single(report.ProblemsOf(HoldingState.Unknown)).Found);
        Assert.Contains("\"state\": \"not known\"", report.ToJson(), StringComparison.Ordinal);
    }

    async Task<IReadOnlyList<Holding>> AskAsync(Question question, IReadOnlyList<FoundImage> images)
    {
        var mirror = new Mirror(_temporary / "mirrors", "nova", _upstream.Url);
        await mirror.EnsureAsync(_after);
        return await new HoldingSearch(new RefHistory(x => x == _upstream.Url ? mirror : null))
            .AnswerAsync(question, images);
    }

    HeldComponent Nova(string? commit, params HeldPatch[] patches) => new("pypi/nova", "nova", "31.3.1", commit,
        commit is null ? null : _upstream.Url, "built from source", patches);

    static FoundImage Image(string name, params HeldComponent[] components) =>
        new(new HeldImage(name, "linux/amd64", "sha256:0", components), []);

    static IEnumerable<string> Shown(IEnumerable<Holding> answers) => answers.Select(x => $"{x.Image} {x.State}");
}
