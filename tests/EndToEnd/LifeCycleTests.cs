namespace OpenStack.Tests.EndToEnd;

/// <summary>What a run says of the lives of releases, and what it leaves out because of them.</summary>
public sealed class LifeCycleTests : IDisposable
{
    readonly RepositoryCopy _repository = new();

    public LifeCycleTests()
    {
        // Locked tags: nothing is asked of upstream.
        foreach (var release in (string[])["2025.1", "2025.2", "2026.1"])
            _repository.Write($"releases/{release}/series.yaml",
                "name: gone\nstatus: end of life\nsince: 2020-01-31\n");
        _repository.Write("releases/2026.1/series.yaml", "name: lost\nstatus: unmaintained\n");
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task TheNightLeavesOutWhatHasEndedAndSaysSo()
    {
        const string stale = "Stale --registry 127.0.0.1:9/images --git-mirror ./nowhere --no-logo";
        const string line = "2025.1 (Gone) is not built any more because time passes: end of life since 2020-01-31. "
            + "--release 2025.1 looks at it";
        var page = _repository.Root / "page.md";
        var run = await _repository.RunAsync(stale, ("GITHUB_STEP_SUMMARY", page));
        Assert.Contains(line, run.Output, StringComparison.Ordinal);
        Assert.Contains(line, File.ReadAllText(page), StringComparison.Ordinal);
        Assert.Contains("| 2025.1 | Gone | end of life since 2020-01-31 | no |", File.ReadAllText(page),
            StringComparison.Ordinal);
        Assert.Contains("2026.1   Lost    unmaintained", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("2026.1 (Lost) is not built", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(line, (await _repository.RunAsync($"{stale} --release 2025.1")).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoAsksForHelpSeesTheReleasesWhateverIsWrongWithOne()
    {
        var help = (await _repository.RunAsync("--help")).ShouldSucceed().Output;
        Assert.Contains("Releases (for --release):", help, StringComparison.Ordinal);
        Assert.Contains("  2025.2   Gone    end of life since 2020-01-31", help, StringComparison.Ordinal);
        Assert.Contains("--release ", help, StringComparison.Ordinal);
        _repository.Write("releases/2025.2/series.yaml", "name: gone\nstatus: lost\n");
        help = (await _repository.RunAsync("--help")).ShouldSucceed().Output;
        Assert.Contains("the catalog has mistakes: releases/2025.2/series.yaml:2:9: 'lost' is no status", help,
            StringComparison.Ordinal);
        Assert.Contains("Parameters:", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatAChangeConcernsIsToldWithTheLivesOfItsReleases()
    {
        var page = _repository.Root / "page.md";
        (await _repository.RunAsync("Affected --service keystone --release 2025.1 --no-logo",
            ("GITHUB_STEP_SUMMARY", page))).ShouldSucceed();
        Assert.Contains("| keystone | 2025.1 | nothing to compare with |", File.ReadAllText(page),
            StringComparison.Ordinal);
        Assert.Contains("| 2025.1 | Gone | end of life since 2020-01-31 | no |", File.ReadAllText(page),
            StringComparison.Ordinal);
        Assert.DoesNotContain("2025.2", File.ReadAllText(page), StringComparison.Ordinal);
    }
}
