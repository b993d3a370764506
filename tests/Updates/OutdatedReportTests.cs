using OpenStack.Diagnostics;
using OpenStack.Updates;

namespace OpenStack.Tests.Updates;

/// <summary>What people and programs read of it.</summary>
public sealed class OutdatedReportTests
{
    static readonly OutdatedReport s_report = new(
    [
        new Finding(Subject.Series, "2025.1", "epoxy", "2025.1", FindingState.Unmaintained, Detail: "unmaintained",
            File: "releases/2025.1"),
        new Finding(Subject.Refs, "2025.1", "nova", "31.3.0", FindingState.Outdated, "31.3.2", "2 versions behind",
            "releases/2025.1/source-refs.yaml", 5)
        {
            Newer = ["31.3.1", "31.3.2"],
            Id = new string('a', 40),
        },
        new Finding(Subject.Refs, "2025.1", "horizon", "25.5.2", FindingState.Ahead, "25.3.2",
            "newer than the versions of 2025.1, 25.2.0 … 25.3.2", "releases/2025.1/source-refs.yaml", 9),
        new Finding(Subject.Refs, "2025.1", "glance", "30.2.0", FindingState.Current,
            File: "releases/2025.1/source-refs.yaml", Line: 7),
        new Finding(Subject.Constraints, "2025.1", "requirements", "upper-constraints.txt", FindingState.Outdated,
            "unmaintained/2025.1 0123456789", "12 pins differ, overridden: a_b",
            "releases/2025.1/upper-constraints.txt"),
        new Finding(Subject.Python, "2025.1", "uwsgi", "2.0.28", FindingState.Unknown, Detail: "no answer",
            File: "overrides/2025.1/constraints.txt", Line: 4),
        new Finding(Subject.Images, null, "ubuntu", "noble", FindingState.Floating,
            Detail: "its digest was not looked up", File: "images/python-base/Dockerfile", Line: 5),
    ]);

    [Fact]
    public Task TheTableHasWhatIsNotUpToDate() => Verify(s_report.ToText());

    [Fact]
    public Task TheMarkdownHasEverything() => Verify(s_report.ToMarkdown());

    [Fact]
    public Task TheJsonIsForPrograms()
    {
        var directory = (Nuke.Common.IO.AbsolutePath)Directory.CreateTempSubdirectory("outdated-").FullName;
        s_report.Write(directory);
        var text = File.ReadAllText(directory / "outdated.json");
        Directory.Delete(directory, recursive: true);
        return Verify(text);
    }

    [Fact]
    public void PoliciesSayWhatIsAnError()
    {
        Assert.Empty(OutdatedPolicies.Violations(s_report.Findings, [OutdatedPolicy.None]));
        Assert.Equal(["releases/2025.1: epoxy 2025.1 is unmaintained: unmaintained"],
            OutdatedPolicies.Violations(s_report.Findings, [OutdatedPolicy.Eol]).Select(x => x.ToString()));
        Assert.Equal(
            [
                "releases/2025.1/source-refs.yaml:5: nova 31.3.0 is outdated: 2 versions behind. The newest is 31.3.2",
                "releases/2025.1/source-refs.yaml:9: horizon 25.5.2 is not of this release: newer than the versions of "
                + "2025.1, 25.2.0 … 25.3.2. The newest is 25.3.2",
                "releases/2025.1/upper-constraints.txt: requirements upper-constraints.txt is outdated: 12 pins "
                + "differ, overridden: a_b. The newest is unmaintained/2025.1 0123456789",
            ],
            OutdatedPolicies.Violations(s_report.Findings, [OutdatedPolicy.Outdated]).Select(x => x.ToString()));
        Assert.Throws<ProblemException>(() => OutdatedPolicies.Check([OutdatedPolicy.None, OutdatedPolicy.Eol]));
    }
}
