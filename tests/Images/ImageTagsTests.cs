using OpenStack.Diagnostics;
using OpenStack.Images;

namespace OpenStack.Tests.Images;

public class ImageTagsTests
{
    const string Upstream = "3dfbbe7b9bd1f60718293a4b5c6d7e8f90123456";

    const string Commit = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678";

    static readonly BuildRevision s_main = new("main", Commit, IsDirty: false);

    // ref | version | patches | branch of this repository -> tags, those that move with a star
    [Theory]
    [InlineData("28.0.2", 0, null, "main", "28.0.2-p0-main-a1b2c3d 2025.2-a1b2c3d *28.0.2 *3dfbbe7 *2025.2")]
    [InlineData("28.0.2", 2, null, "main", "28.0.2-p2-main-a1b2c3d 2025.2-a1b2c3d *28.0.2 *28.0.2-p2 *3dfbbe7 *2025.2")]
    [InlineData("14.0.1.dev6", 0, "stable/2025.2", "main",
        "14.0.1.dev6-p0-main-a1b2c3d 2025.2-a1b2c3d *14.0.1.dev6 *stable-2025.2 *3dfbbe7 *2025.2")]
    [InlineData("14.0.1.dev6", 1, "unmaintained/2024.1", "main", "14.0.1.dev6-p1-main-a1b2c3d 2025.2-a1b2c3d "
        + "*14.0.1.dev6 *14.0.1.dev6-p1 *unmaintained-2024.1 *3dfbbe7 *2025.2")]
    [InlineData("28.0.0.0rc1", 0, null, "main",
        "28.0.0.0rc1-p0-main-a1b2c3d 2025.2-a1b2c3d *28.0.0.0rc1 *3dfbbe7 *2025.2")]
    [InlineData("14.9.0+p1", 0, null, "main", "14.9.0_p1-p0-main-a1b2c3d 2025.2-a1b2c3d *14.9.0_p1 *3dfbbe7 *2025.2")]
    [InlineData("14.9.0", 1, null, "main", "14.9.0-p1-main-a1b2c3d 2025.2-a1b2c3d *14.9.0 *14.9.0-p1 *3dfbbe7 *2025.2")]
    [InlineData("28.0.2", 1, null, "feature/x", "28.0.2-p1-feature-x-a1b2c3d 2025.2-a1b2c3d")]
    [InlineData("28.0.2", 1, "stable/2025.2", "stable/1.0", "28.0.2-p1-stable-1.0-a1b2c3d 2025.2-a1b2c3d")]
    [InlineData("28.0.2", 0, null, "17/merge", "28.0.2-p0-17-merge-a1b2c3d 2025.2-a1b2c3d")]
    [InlineData("28.0.2", 0, null, "renovate/a+b", "28.0.2-p0-renovate-a_b-b8374071-a1b2c3d 2025.2-a1b2c3d")]
    public void TagsOfAService(string version, int patches, string? branch, string buildBranch, string expected) =>
        Assert.Equal(expected,
            Shown(ImageTags.Of(new TaggedService("keystone", "2025.2", version, patches, branch, Upstream),
                s_main with { Branch = buildBranch })));

    [Fact]
    public void AnUpstreamCommitNamesItsImageAndALocalTreeHasNone()
    {
        Assert.Contains(ImageTags.Of(Service(), s_main), x => x is { Name: "3dfbbe7", Mutable: true });
        Assert.DoesNotContain(ImageTags.Of(Service() with { Commit = null }, s_main), x => x.Name == "3dfbbe7");
    }

    [Fact]
    public void UncommittedChangesMoveNothingButTheirOwnTag() =>
        Assert.Equal("*28.0.2-p0-main-a1b2c3d-dirty", Shown(ImageTags.Of(Service(), s_main with { IsDirty = true })));

    [Theory]
    [InlineData("main", false, "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678 *3.12-noble *latest")]
    [InlineData("feature/x", false, "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678")]
    [InlineData("main", true, "*a1b2c3d4e5f60718293a4b5c6d7e8f9012345678-dirty")]
    public void TagsOfABaseImage(string branch, bool isDirty, string expected) =>
        Assert.Equal(expected, Shown(ImageTags.OfBase("3.12", "noble", new BuildRevision(branch, Commit, isDirty))));

    [Fact]
    public void LongNamesAreShortenedAlikeAndStayApart()
    {
        var branch = new string('b', 120);
        var first = ImageTags.Of(Service(), s_main with { Branch = branch + "1" })[0].Name;
        Assert.Equal(first, ImageTags.Of(Service(), s_main with { Branch = branch + "1" })[0].Name);
        Assert.NotEqual(first, ImageTags.Of(Service(), s_main with { Branch = branch + "2" })[0].Name);
        Assert.Equal(128, first.Length);
        Assert.StartsWith("28.0.2-p0-bbb", first, StringComparison.Ordinal);
        Assert.EndsWith("-a1b2c3d", first, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryTagIsLegalAndNoTwoTextsShareOne()
    {
        string[] versions = ["1.0+a.b", "1.0-a.b", "1.0_a.b", "1.0+" + new string('x', 300), "1!2.0", "1+2.0", "1_2.0",
            ".1", "-1", "_1", "é", ""];
        string[] branches = ["stable/1", "a+b", "a_b", "a@b", "a=b", "-x", "_-x", ".x", "é/é", new string('/', 300),
            "x"];
        var tags = versions.SelectMany(version => branches.Select(branch => ImageTags.Of(
            new TaggedService("s", "2025.2", version, 3, branch, Upstream), s_main)))
            .SelectMany(x => x)
            .Select(x => x.Name)
            .ToList();
        Assert.All(tags, x => Assert.Matches("^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$", x));
        Assert.Equal(versions.Length, versions.Select(TagText.OfVersion).Distinct().Count());
        Assert.Equal(branches.Length, branches.Select(TagText.OfBranch).Distinct().Count());
    }

    [Fact]
    public void TagThatTwoReleasesWouldBeGivenIsAnError()
    {
        Assert.Equal(
            [
                "keystone:28.0.2-p0-main-a1b2c3d would be the tag of releases 2025.1 and 2025.2; expected a version "
                + "and a branch of its own for each release. Give them different refs",
                "keystone:28.0.2 would be the tag of releases 2025.1 and 2025.2; expected a version and a branch of "
                + "its own for each release. Give them different refs",
                "keystone:3dfbbe7 would be the tag of releases 2025.1 and 2025.2; expected a version and a branch of "
                + "its own for each release. Give them different refs",
            ],
            ImageTags.Clashes(((string[])["2025.1", "2025.2"])
                .Select(x => Service() with { Release = x })
                .Select(x => (x, ImageTags.Of(x, s_main)))).Select(x => x.ToString()));
    }

    [Theory]
    [InlineData("ghcr.io/C5C3", "ghcr.io/c5c3/keystone")]
    [InlineData("GHCR.io/SAP-cloud/images", "ghcr.io/sap-cloud/images/keystone")]
    [InlineData("localhost/a", "localhost/a/keystone")]
    [InlineData("127.0.0.1:5000", "127.0.0.1:5000/keystone")]
    [InlineData("[::1]:5000/a__b", "[::1]:5000/a__b/keystone")]
    public void RegistryAndNamespaceAreInLowerCase(string registry, string expected) =>
        Assert.Equal(expected, RepositoryName.Of(RepositoryName.Namespace(registry), "keystone"));

    [Theory]
    [InlineData("c5c3", "--registry: 'c5c3' does not begin with a registry")]
    [InlineData("ghcr.io/", "--registry: '' is no namespace")]
    [InlineData("ghcr.io/a//b", "--registry: 'a//b' is no namespace")]
    [InlineData("ghcr.io/a___b", "--registry: 'a___b' is no namespace")]
    [InlineData("ghcr.io/-a", "--registry: '-a' is no namespace")]
    [InlineData("https://ghcr.io/a", "--registry: 'https://ghcr.io/a' does not begin with a registry")]
    [InlineData("ghcr.io/a:tag", "--registry: 'a:tag' is no namespace")]
    [InlineData("ghcr.io:port/a", "--registry: 'ghcr.io:port/a' does not begin with a registry")]
    [InlineData("ghcr.io/ä", "--registry: 'ä' is no namespace")]
    [InlineData("ghcr.io/a\n", "--registry: 'a\n' is no namespace")]
    public void RegistryOfAnotherFormIsAnError(string registry, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<ProblemException>(() =>
            RepositoryName.Of(RepositoryName.Namespace(registry), "keystone")).Message, StringComparison.Ordinal);

    [Fact]
    public void LongNameIsAnError() =>
        Assert.Throws<ProblemException>(() => RepositoryName.Of("ghcr.io/" + new string('a', 240), "keystone"));

    static TaggedService Service() => new("keystone", "2025.2", "28.0.2", 0, null, Upstream);

    static string Shown(IEnumerable<ImageTag> tags) =>
        string.Join(' ', tags.Select(x => (x.Mutable ? "*" : "") + x.Name));
}
