namespace OpenStack.Tests.Sbom;

/// <summary>
/// Labels as the "Well-known project URLs" of Python packaging have them, and as real metadata spells them.
/// </summary>
public sealed class ProjectUrlTests : IDisposable
{
    readonly SmallImage _image = new();

    public void Dispose() => _image.Dispose();

    [Theory]
    [InlineData("Home-page: https://a.example/", "website https://a.example/")]
    [InlineData("Home-page: https://a.example/\nProject-URL: Home, https://a.example", "website https://a.example/")]
    [InlineData("Project-URL: Source, https://a.example/s", "vcs https://a.example/s")]
    [InlineData("Project-URL: Source Code, https://a.example/s", "vcs https://a.example/s")]
    [InlineData("Project-URL: repository,https://a.example/s", "vcs https://a.example/s")]
    [InlineData("Project-URL: Bug Tracker, https://a.example/b", "issue-tracker https://a.example/b")]
    [InlineData("Project-URL: Issue-Tracker, https://a.example/b", "issue-tracker https://a.example/b")]
    [InlineData("Project-URL: What's New?, https://a.example/c", "release-notes https://a.example/c")]
    [InlineData("Project-URL: changelog, https://a.example/c", "release-notes https://a.example/c")]
    [InlineData("Project-URL: Documentation (stable), https://a.example/d", "documentation https://a.example/d")]
    [InlineData("Project-URL: CI: GitHub, builds, https://a.example/ci", "other https://a.example/ci (CI: GitHub, " +
        "builds)")]
    [InlineData("Project-URL: Funding, https://a.example/f", "other https://a.example/f (Funding)")]
    [InlineData("Project-URL: Homepage, not a url\nHome-page: UNKNOWN\nDownload-URL: UNKNOWN", "")]
    [InlineData("Download-URL: https://a.example/x.tar.gz", "distribution https://a.example/x.tar.gz")]
    [InlineData("Project-URL: Source, https://a.example\nProject-URL: GitHub, https://a.example\nProject-URL: Docs, " +
        "https://a.example", "vcs https://a.example", "documentation https://a.example")]
    public void MetadataSaysWhereMoreIsToBeFound(string fields, params string[] expected)
    {
        _image.Layer(($"{SmallService.Site}/a-1.dist-info/METADATA", $"Name: a\nVersion: 1\n{fields}\n"));
        Assert.Equal(expected.Where(x => x.Length > 0), BomOf.References(BomOf.Component(BomOf.Image(_image), "a")));
    }
}
