using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Tests.Catalog;
using OpenStack.Updates;

namespace OpenStack.Tests.Updates;

/// <summary>openstack/releases as others write it.</summary>
public sealed class ReleaseDataTests
{
    const string Horizon = """
        ---
        launchpad: horizon
        # a comment
        release-model: cycle-with-intermediary
        cycle-highlights:
          - Django-pyscss has been replaced
            with libsass
        releases:
          - version: 25.3.1
            projects:
              - repo: openstack/horizon
                hash: 9da0b16905bb4d225af656a26f7d07d51134783c
          - projects:
              - repo: openstack/horizon-extra
                hash: fa1e28805c8fb7e0af3c9b5dc5681feb11770d46
              - {repo: openstack/horizon, hash: e6a59064c984ab7fa8a12f8883e5e6d880372e4d}
            version: 25.3.10
          - version: 25.3.0.0rc1
            projects: []
          - version: 2025.1-eol
            projects: []
        branches:
          - name: stable/2025.1
            location: 25.3.0

        """;

    [Fact]
    public void VersionsAreInTheirOrderWithTheCommitOfTheComponent()
    {
        var problems = new List<Problem>();
        var deliverable = Deliverable.Parse(Horizon, "f", "horizon", problems);
        Assert.Empty(problems);
        Assert.Equal(["25.3.0.0rc1", "25.3.1", "25.3.10"], deliverable.Versions.Select(x => x.Tag));
        Assert.Equal(["25.3.1", "25.3.10"], deliverable.Allowed.Select(x => x.Tag));
        Assert.Equal([null, "9da0b16905bb4d225af656a26f7d07d51134783c", "e6a59064c984ab7fa8a12f8883e5e6d880372e4d"],
            deliverable.Versions.Select(x => x.Commit));
    }

    [Theory]
    [InlineData("releases:\n  - version: --upload-pack=x\n", "f:2:5: a release is not understood")]
    [InlineData("releases:\n  - version: \"1.0.0\\nevil: true\"\n", "f:2:5: a release is not understood")]
    [InlineData("releases: yes please\n", "f:1:11: there is text; expected a list of releases")]
    [InlineData("- a\n", "f:1:1: there is a list; expected a mapping")]
    [InlineData("releases: &a [*a]\n", "f:1:11: anchors (&), aliases (*) and tags (!) are not used here")]
    public void WhatIsNotUnderstoodIsReported(string text, string problem)
    {
        var problems = new List<Problem>();
        Assert.Empty(Deliverable.Parse(text, "f", "horizon", problems).Versions);
        Assert.StartsWith(problem, problems[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ADeliverableWithoutReleasesHasNoVersions()
    {
        var problems = new List<Problem>();
        Assert.Empty(Deliverable.Parse("team: nova\nreleases:\n", "f", "nova", problems).Versions);
        Assert.Empty(Deliverable.Parse("team: nova\n", "f", "nova", problems).Versions);
        Assert.Empty(problems);
    }

    [Fact]
    public void SeriesHaveAStatusAndPerhapsANextOne()
    {
        var problems = new List<Problem>();
        var series = SeriesList.Parse(UpstreamReleases.SeriesStatus, "f", problems);
        Assert.Empty(problems);
        Assert.Equal(["2024.2", "2025.1", "2025.2", "2026.2"], series.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(new Series("2025.2", "flamingo", SeriesStatus.Maintained)
        {
            NextStatus = SeriesStatus.EndOfLife,
            NextDate = new DateOnly(2027, 4, 28),
        }, series["2025.2"]);
        Assert.Equal(new Series("2025.1", "epoxy", SeriesStatus.Unmaintained) { IsSlurp = true }, series["2025.1"]);
        Assert.Equal(new DateOnly(2026, 4, 29), series["2024.2"].Since);
    }

    [Fact]
    public void ACodenameIsNoPath()
    {
        var problems = new List<Problem>();
        Assert.Empty(SeriesList.Parse("- {name: ../../etc, release-id: 2025.1, status: maintained}\n", "f", problems));
        Assert.Equal("f:1:3: the series 2025.1 is not understood; expected name, release-id and a status: future, "
            + "development, maintained, unmaintained, end of life", Assert.Single(problems).ToString());
    }

    [Theory]
    [InlineData("- {name: epoxy, release-id: ../2025.1, status: maintained}", 0, "the series ../2025.1 is not")]
    [InlineData("- {name: epoxy, release-id: 2025.1, status: asleep}", 0, "the series 2025.1 is not understood")]
    [InlineData("- {name: epoxy, release-id: 2025.1, status: maintained, next-phase: {status: gone}}", 0,
        "the series 2025.1 is not understood")]
    [InlineData("- {name: epoxy, release-id: 2025.1, status: maintained, next-phase: {status: future}}", 0,
        "the series 2025.1 is not understood")]
    [InlineData("- {name: epoxy, release-id: 2025.1, status: end of life, eol-date: soon}", 1, "'eol-date' is no day")]
    public void WhatOfASeriesIsNotUnderstoodIsReported(string text, int known, string problem)
    {
        var problems = new List<Problem>();
        Assert.Equal(known, SeriesList.Parse(text, "f", problems).Count);
        Assert.StartsWith(problem, Assert.Single(problems).Found, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fuzz", "yes")]
    public void BrokenDeliverablesAreReported() =>
        Fuzz(Horizon, (text, problems) => Deliverable.Parse(text, "f", "horizon", problems));

    [Fact]
    [Trait("Fuzz", "yes")]
    public void BrokenSeriesAreReported() =>
        Fuzz(UpstreamReleases.SeriesStatus, (text, problems) => SeriesList.Parse(text, "f", problems));

    [Fact]
    public async Task FilesAreReadFromTheMirrorWithoutACheckout()
    {
        using var upstream = new UpstreamReleases();
        upstream.Release("epoxy", "nova", "31.0.0")
            .Release("flamingo", "nova", "32.0.0")
            .Release("_independent", "pbr", "7.0.0");
        var data = await upstream.ReadAsync(("2025.1", "nova"), ("2025.2", "nova"), ("2025.2", "pbr"),
            ("2025.2", "own"), ("2031.1", "nova"));
        Assert.Equal(["31.0.0"], data["2025.1", "nova"]!.Versions.Select(x => x.Tag));
        Assert.Equal(["32.0.0"], data["2025.2", "nova"]!.Versions.Select(x => x.Tag));
        Assert.Equal(["7.0.0"], data["2025.2", "pbr"]!.Versions.Select(x => x.Tag));
        Assert.Null(data["2025.2", "own"]);
        upstream.Releases.Commit("Another name",
            ("deliverables/epoxy/glance-store.yaml", "releases:\n  - version: 4.9.1\n    projects:\n"
                + "      - repo: openstack/glance_store\n        hash: 5dd0bc6aa406d1ddf9924a464575d92c713e68eb\n"));
        Assert.Equal("5dd0bc6aa406d1ddf9924a464575d92c713e68eb", Assert.Single((await upstream.ReadAsync(("2025.1",
            "glance_store")))["2025.1", "glance_store"]!.Versions).Commit);
        Assert.Null(data["2031.1", "nova"]);
        // Offline, what was fetched will do.
        Directory.Move(upstream.Directory, $"{upstream.Directory}.gone");
        var commit = data.Data.Commit;
        var again = await ReleaseData.ReadAsync(
            upstream.MirrorOf("releases", $"file://{upstream.Directory / "releases"}"), commit, [("2025.1", "nova")]);
        Assert.Single(again.Deliverables);
    }

    [Fact]
    public async Task ARepositoryThatIsAnotherOneIsSaidSo()
    {
        using var upstream = new UpstreamReleases();
        var nova = upstream["nova"];
        var commit = nova.Commit();
        var e = await Assert.ThrowsAsync<ProblemException>(() =>
            ReleaseData.ReadAsync(upstream.MirrorOf("releases", nova.Url), commit, [("2025.1", "nova")]));
        Assert.Contains("Is this openstack/releases?", e.Message, StringComparison.Ordinal);
    }

    static void Fuzz(string text, Action<string, List<Problem>> parse) =>
        ParserFuzz.Run(text, seed: 11, leastReported: 500, parse);
}
