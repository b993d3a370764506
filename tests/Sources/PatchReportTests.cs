using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

/// <summary>What people, programs and pages get to read of the patches.</summary>
public sealed class PatchReportTests : IDisposable
{
    static readonly UpstreamCommit s_commit = new(
        "5f1c3bd0a0e6b0a8f3e2d1c0b9a8f7e6d5c4b3a2", "Do not | log secrets",
        DateTimeOffset.FromUnixTimeSeconds(1_770_000_000), UpstreamEvidence.ChangeId);

    static readonly PatchReport s_report = new(
    [
        new SeriesVerdict("keystone", "2025.1", new ResolvedRef("keystone", "https://opendev.org/openstack/keystone",
            "27.0.2", RefKind.Tag, new string('a', 40)),
        [
            Verdict("0001-data-file.patch", PatchState.Applies,
                "From: A <a@example.org>\nSubject: [PATCH] Add a file\n\nCloses-Bug: #2141713\n"),
            Verdict("0002-log.patch", PatchState.Offset) with
            {
                Offsets = [new HunkOffset("keystone/a.py", 1, 15), new HunkOffset("keystone/a.py", 2, -1)],
            },
            Verdict("0003-secrets.patch", PatchState.Upstream) with { Upstream = s_commit },
            Verdict("0004-unknown.patch", PatchState.Upstream),
            Verdict("0005-conflict.patch", PatchState.Conflict) with
            {
                Line = 12,
                Conflicts =
                [
                    new PatchConflict("keystone/a.py", 2, 12, 20,
                        "'token = None' is expected, the source has 'token = ```'",
                        ["token = None", "secret = None"], ["token = ```"]),
                    new PatchConflict("keystone/gone.py", 0, 30, 0, "the source has no such file", [], []),
                ],
            },
        ]),
        new SeriesVerdict("oslo.messaging", "2026.1", new ResolvedRef("oslo.messaging",
            "https://opendev.org/openstack/oslo.messaging", "stable/2026.1", RefKind.Branch, new string('b', 40)),
        [
            Verdict("0001-half.patch", PatchState.PartlyUpstream) with
            {
                There = ["hunk 1 of a.py"],
                Upstream = s_commit,
            },
            Verdict("0002-after.patch", PatchState.Conflict) with
            {
                Line = 7,
                Conflicts = [new PatchConflict("a.py", 1, 7, 3, "the source has no lines like 'x'", ["x"], ["y"])],
                AfterFailed = ["0001-half.patch"],
            },
            Verdict("0003-broken.patch", PatchState.Invalid) with
            {
                Line = 3,
                Reasons = ["The patch has CRLF line ends"],
            },
        ]),
    ]);

    readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public Task TheTableIsForATerminal() => Verifier.Verify(s_report.ToText());

    [Fact]
    public Task TheJsonIsForPrograms()
    {
        s_report.Write(_temporary.Path);
        return Verifier.Verify(File.ReadAllText(_temporary / "patches.json"));
    }

    [Fact]
    public Task TheMarkdownIsForPages()
    {
        s_report.Write(_temporary.Path);
        return Verifier.Verify(File.ReadAllText(_temporary / "patches.md"));
    }

    [Fact]
    public Task TheErrorsSayWhatToDo() =>
        Verifier.Verify(new ProblemException(PatchPolicies.Violations(s_report,
            [PatchPolicy.Conflict, PatchPolicy.Upstream, PatchPolicy.Offset])).Message);

    [Theory]
    [InlineData(5, PatchPolicy.Conflict)]
    [InlineData(2, PatchPolicy.Upstream)]
    [InlineData(1, PatchPolicy.Offset)]
    [InlineData(3, PatchPolicy.Offset, PatchPolicy.Upstream)]
    [InlineData(0, PatchPolicy.None)]
    public void PoliciesSayWhatIsAnError(int problems, params PatchPolicy[] policies) =>
        Assert.Equal(problems, PatchPolicies.Violations(s_report, policies).Count);

    [Fact]
    public void NothingAndSomethingContradictEachOther()
    {
        PatchPolicies.Check([PatchPolicy.None]);
        Assert.Contains("'none' and other values", Assert.Throws<ProblemException>(() =>
            PatchPolicies.Check([PatchPolicy.Conflict, PatchPolicy.None])).Message);
    }

    [Fact]
    public void WithoutPatchesThereIsNoTable()
    {
        Assert.Equal("### Patches\n\nno patches\n", new PatchReport([]).ToMarkdown());
        Assert.Equal("no patches\n", new PatchReport([]).ToText());
    }

    static PatchVerdict Verdict(string name, PatchState state, string header = "") =>
        new(name, "sha256:" + new string('0', 64), state, PatchHeader.Parse(header));
}
