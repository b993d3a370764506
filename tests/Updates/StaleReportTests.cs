using Nuke.Common.IO;
using OpenStack.Updates;

namespace OpenStack.Tests.Updates;

public sealed class StaleReportTests
{
    static readonly StaleReport s_report = new(
    [
        new PublishedState("python-base", null, [], ["ubuntu:noble cannot be looked up: nobody answers"]),
        new PublishedState("keystone", "2025.1", ["python-base moved: sha256:aaaaaaaaaaaa → sha256:bbbbbbbbbbbb",
            "ref 27.0.2 is at 222222222222, the image has 111111111111 (27.0.1)"], []),
        new PublishedState("keystone", "2025.2", [], []),
        new PublishedState("nova", "2025.1", ["not published"], ["ref stable/2025.1: opendev.org cannot be reached"]),
    ]);

    [Fact]
    public Task TheMarkdownHasWhatIsNotUpToDate() => Verify(s_report.ToMarkdown());

    [Fact]
    public async Task TheJsonListsImagesAsThatOfAffectedDoes()
    {
        AbsolutePath directory = Directory.CreateTempSubdirectory("stale-").FullName;
        s_report.Write(directory);
        var text = await File.ReadAllTextAsync(directory / "stale.json");
        Directory.Delete(directory, recursive: true);
        await Verify(text);
    }

    [Fact]
    public void PoliciesSayWhatIsAnError()
    {
        Assert.Empty(s_report.Violations([OutdatedPolicy.None]));
        Assert.Equal(3, s_report.Violations([OutdatedPolicy.Stale]).Count);
        Assert.Equal(2, s_report.Violations([OutdatedPolicy.Unknown]).Count);
        Assert.Equal("nova 2025.1: not published", s_report.Violations([OutdatedPolicy.Stale])[^1].ToString());
    }
}
