using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Report;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Report;

/// <summary>A report as the branch of a real repository, which several runs publish to.</summary>
public sealed class ReportBranchTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly List<ReportTree> _trees = [];

    public void Dispose()
    {
        _directory.Dispose();
        _trees.ForEach(x => x.Dispose());
    }

    AbsolutePath Remote => _directory / "remote.git";

    [Fact]
    public async Task ImagesOfSeveralRunsAreOneReport()
    {
        var first = await TreeAsync();
        var nova = first.Place("nova");
        first.Build(nova, [(1, 3000), (2, 500)], "31.0.0");
        first.Write("artifacts/2025.1/nova/published.json",
            """{"repository": "registry.example.org/nova", "manifests": [], "referrers": [], "tags": []}""");
        await PublishAsync(first);

        // Another machine, which has built keystone, and never had nova.
        var second = await TreeAsync();
        second.Build(second.Place("keystone"), [(1, 3000)], "27.0.0");
        second.Place("nova");
        Assert.Equal(1, await TakeAsync(second));
        Assert.Equal(["27.0.0", "31.0.0"], (await second.ReportAsync()).Built.Select(x => x.Build.Value!.Version));
        await PublishAsync(second);

        // What comes out of it is complete: every link of every page leads to a file of the branch.
        var clone = _directory / "clone";
        await GitAsync(_directory.Path, "clone", "--quiet", "--branch", "gh-pages", Remote, clone);
        var pages = Directory.GetFiles(clone, "*.html");
        Assert.Equal(["2025.1-keystone.html", "2025.1-nova.html", "index.html"],
            pages.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var links = pages.SelectMany(x => LinksOf(File.ReadAllText(x))).Distinct().ToList();
        Assert.NotEmpty(links);
        Assert.All(links, x => Assert.True(File.Exists(clone / x), x));
        Assert.True(File.Exists(clone / ".nojekyll"));
        Assert.Equal("1", (await GitAsync(clone, "rev-list", "--count", "HEAD")).Text);
    }

    static IEnumerable<string> LinksOf(string page) => new AngleSharp.Html.Parser.HtmlParser().ParseDocument(page)
        .QuerySelectorAll("a[href]").Select(x => Uri.UnescapeDataString(x.GetAttribute("href")!.Split('#')[0]))
        .Where(x => x.Length > 0 && !x.Contains("://", StringComparison.Ordinal));

    [Fact]
    public async Task WhatIsBuiltHereIsNotTakenOver()
    {
        var first = await TreeAsync();
        first.Build(first.Place("nova"), [(1, 3000)], "31.0.0");
        first.Write("artifacts/2025.1/nova/published.json",
            """{"repository": "registry.example.org/nova", "manifests": [], "referrers": [], "tags": []}""");
        await PublishAsync(first);
        var second = await TreeAsync();
        second.Build(second.Place("nova"), [(1, 3000)], "31.0.1");
        Assert.Equal(0, await TakeAsync(second));
        Assert.Equal(["31.0.1"], (await second.ReportAsync()).Built.Select(x => x.Build.Value!.Version));
        // It was published of another image.
        Assert.False(File.Exists(second.Artifacts / "2025.1" / "nova" / "published.json"));
    }

    [Fact]
    public async Task NobodyIsOverwritten()
    {
        var tree = await TreeAsync();
        tree.Build(tree.Place("nova"), [(1, 3000)]);
        var old = await BranchOf(tree).FetchAsync();
        Assert.Null(old);
        await PublishAsync(tree);
        await tree.ReportAsync(ReportTree.Day.AddDays(1));
        var e = await Assert.ThrowsAsync<ProblemException>(() => BranchOf(tree).PublishAsync(
            new ReportDirectory(tree.Artifacts), old, Scratch(), ReportTree.Day));
        Assert.Contains("Somebody pushed to it meanwhile", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingIsTakenThroughALink()
    {
        var tree = await TreeAsync();
        tree.Build(tree.Place("nova"), [(1, 3000)]);
        await tree.ReportAsync();
        var image = tree.Pages / "files" / "artifacts" / "2025.1" / "glance";
        Directory.CreateDirectory(image);
        File.CreateSymbolicLink(image / "inputs.json", "/etc/passwd");
        await BranchOf(tree).PublishAsync(new ReportDirectory(tree.Artifacts), null, Scratch(), ReportTree.Day);
        var other = await TreeAsync();
        other.Place("nova");
        Assert.Equal(1, await TakeAsync(other));
        Assert.False(Path.Exists(other.Artifacts / "2025.1" / "glance"));
    }

    [Fact]
    public async Task ARemoteThatIsNotThereIsSaid()
    {
        var tree = await TreeAsync();
        var e = await Assert.ThrowsAsync<ProblemException>(() =>
            new ReportBranch(tree.Root / ".git", "nowhere", "gh-pages").FetchAsync());
        Assert.Equal("this repository has no remote 'nowhere' that could have the report. "
            + "Add it (git remote add), or name another with --report-remote", e.Message);
    }

    static ReportBranch BranchOf(ReportTree tree) => new(tree.Root / ".git", "origin", "gh-pages");

    async Task PublishAsync(ReportTree tree)
    {
        var branch = BranchOf(tree);
        await tree.ReportAsync();
        await branch.PublishAsync(new ReportDirectory(tree.Artifacts), await branch.FetchAsync(), Scratch(),
            ReportTree.Day);
    }

    async Task<int> TakeAsync(ReportTree tree) => await BranchOf(tree).TakeAsync(
        (await BranchOf(tree).FetchAsync())!, tree.Root, tree.Artifacts, Scratch());

    AbsolutePath Scratch() => Directory.CreateDirectory(_directory / Guid.NewGuid().ToString("N")).FullName;

    async Task<ReportTree> TreeAsync()
    {
        if (!Directory.Exists(Remote)) await GitAsync(_directory.Path, "init", "--quiet", "--bare", Remote);
        var tree = new ReportTree();
        _trees.Add(tree);
        await GitAsync(tree.Root, "init", "--quiet");
        await GitAsync(tree.Root, "remote", "add", "origin", Remote);
        return tree;
    }

    static Task<CommandResult> GitAsync(AbsolutePath directory, params string[] arguments) =>
        new Command("git", arguments) { WorkingDirectory = directory }.RequireAsync();
}
