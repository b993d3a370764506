using LibGit2Sharp;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

public sealed class PythonVersionTests : IDisposable
{
    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _upstream;

    public PythonVersionTests() => _upstream = new Upstream(_temporary / "upstream");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void TagIsItsVersion()
    {
        _upstream.Commit();
        _upstream.Tag("14.0.0");
        Assert.Equal("14.0.0", Version());
    }

    [Fact]
    public void CommitsAfterTheTagAreCounted()
    {
        _upstream.Commit();
        _upstream.Tag("14.0.0");
        for (var i = 0; i < 6; i++) _upstream.Commit();
        Assert.Equal("14.0.1.dev6", Version());
    }

    [Theory]
    [InlineData("2015.1.0b1", "2015.1", "2015.1.0.0b2.dev2")]
    [InlineData("2015.1.0.0b3", "2015.1.0", "2015.1.0.0b4.dev2")]
    [InlineData("2015.1.0rc1", "2015.1.0", "2015.1.0.0rc2.dev2")]
    [InlineData("2014.2.4", "2015.1.0", "2015.1.0.dev2")]
    [InlineData("2015.1.0", "2015.1.1", "2015.1.1.dev2")]
    public void TheVersionToComeIsTheLaterOne(string tag, string toCome, string expected)
    {
        _upstream.Commit();
        _upstream.Tag(tag);
        _upstream.Commit();
        var commit = _upstream.Commit();
        using var repository = new Repository(_upstream.GitDirectory);
        Assert.Equal(expected, PythonVersion.Of(repository, repository.Lookup<Commit>(commit)!, toCome));
    }

    /// <summary>
    /// As PBR reads them: the key in any case, the words in lower case, and of an indented line the first word is lost,
    /// as what is cut off is as long as the key from the beginning of the line.
    /// </summary>
    [Theory]
    [InlineData("Sem-Ver: feature", "14.1.0.dev2")]
    [InlineData("SEM-VER: deprecation", "14.1.0.dev2")]
    [InlineData("sem-ver: bugfix", "14.0.1.dev2")]
    [InlineData("sem-ver: bugfix, api-break", "15.0.0.dev2")]
    [InlineData("sem-ver: bugfix, API-break", "14.0.1.dev2")]
    [InlineData("  sem-ver: feature", "14.0.1.dev2")]
    [InlineData("  sem-ver: bugfix, feature", "14.1.0.dev2")]
    public void FootersDecideWhatComesNext(string footer, string expected)
    {
        _upstream.Commit("Old\n\nSem-Ver: api-break");
        _upstream.Tag("14.0.0");
        _upstream.Commit($"New\n\nBody\n\n{footer}");
        _upstream.Commit();
        Assert.Equal(expected, Version());
    }

    [Fact]
    public void FooterBeforeAHyphenatedTagIsUnknownToPbr()
    {
        _upstream.Commit();
        _upstream.Tag("14.0.0-rc1");
        _upstream.Commit("New\n\nSem-Ver: feature");
        Assert.Equal("14.0.0.0rc2.dev1", Version());
    }

    [Fact]
    public void HighestOfSeveralTagsCounts()
    {
        _upstream.Commit();
        foreach (var tag in (string[])["28.0.0", "28.0.0.0rc1", "2025.2-eol", "not-a-version"])
            _upstream.Git("tag", tag);
        Assert.Equal("28.0.0", Version());
        _upstream.Commit();
        Assert.Equal("28.0.1.dev1", Version());
    }

    [Fact]
    public void WithoutTagsTheHistoryIsCounted()
    {
        _upstream.Commit();
        Assert.Equal("0.0.0", Version());
        _upstream.Commit();
        _upstream.Commit("Two\n\nSem-Ver: feature");
        Assert.Equal("0.1.0.dev2", Version());
    }

    [Fact]
    public void CommitsOfASideBranchThatAreOlderThanTheTagDoNotCount()
    {
        _upstream.Commit();
        _upstream.Git("checkout", "-q", "-b", "side");
        _upstream.Commit("side, before the tag");
        _upstream.Git("checkout", "-q", "master");
        _upstream.Commit();
        _upstream.Tag("5.0.0");
        _upstream.Git("checkout", "-q", "side");
        _upstream.Commit("side, after the tag");
        _upstream.Git("checkout", "-q", "master");
        _upstream.Commit();
        _upstream.Git("merge", "-q", "--no-ff", "side", "-m", "merge");

        // In the order of 'git log', of the side's two commits one comes before the tag: merge, master, side → 3.
        Assert.Equal("5.0.1.dev3", Version());
        Assert.Equal("4", _upstream.Git("rev-list", "--count", "5.0.0..HEAD"));
    }

    [Fact]
    public void PreVersionIsTheVersionToCome()
    {
        _upstream.Commit();
        _upstream.Tag("1.0.0");
        _upstream.Commit();
        Assert.Equal("1.2.0.dev1", Version("1.2.0"));
        Assert.Contains("requires version 1.0.1", Assert.Throws<ProblemException>(() => Version("1.0.0")).Message);
    }

    [Theory]
    [InlineData("1", "14.0.0", "14.0.0")]
    [InlineData("50", "master", "14.0.1.dev3")]
    public async Task ShallowCloneThatReachesTheTag(string depth, string branch, string expected)
    {
        await CloneShallowAsync(depth, branch);
        using var repository = new Repository(_temporary / "clone");
        Assert.Equal(expected, PythonVersion.Of(repository, repository.Lookup<Commit>("HEAD")!));
    }

    [Fact]
    public async Task ShallowCloneThatDoesNotIsAnErrorAndNot000()
    {
        await CloneShallowAsync("2", "master");
        using var repository = new Repository(_temporary / "clone");
        Assert.Contains("cut off", Assert.Throws<ProblemException>(() =>
            PythonVersion.Of(repository, repository.Lookup<Commit>("HEAD")!)).Message);
    }

    async Task CloneShallowAsync(string depth, string branch)
    {
        _upstream.Commit();
        _upstream.Commit();
        _upstream.Tag("14.0.0");
        for (var i = 0; i < 3; i++) _upstream.Commit();
        await new Command("git", "clone", "--quiet", "-c", "advice.detachedHead=false", "--depth", depth, "--branch",
            branch, _upstream.Url, _temporary / "clone").RequireAsync();
    }

    string Version(string? preVersion = null)
    {
        using var repository = new Repository(_upstream.GitDirectory);
        return PythonVersion.Of(repository, repository.Lookup<Commit>("HEAD")!, preVersion);
    }
}
