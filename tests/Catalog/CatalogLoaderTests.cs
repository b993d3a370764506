using OpenStack.Catalog;

namespace OpenStack.Tests.Catalog;

public sealed class CatalogLoaderTests : IDisposable
{
    const string Unclonable = "1:22: the url of nova is none that may be cloned from; expected https://host/path, or "
        + "one with http, ssh, git or file, or user@host:path";

    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void RefKeepsItsTextAndItsPlace()
    {
        var release = _repository.Load().Releases["2025.1"];
        Assert.Equal(new SourceRef("keystone", "27.0.2", "releases/2025.1/source-refs.yaml", 1, 11),
            release.SourceRefs["keystone"]);
        Assert.Equal("stable/2025.1", release.SourceRefs["nova"].Ref);
    }

    [Theory]
    [InlineData("https://git.example.org/forks/nova.git")]
    [InlineData("ssh://git@git.example.org:29418/nova")]
    [InlineData("git@git.example.org:forks/nova")]
    [InlineData("file:///srv/git/nova")]
    [InlineData("http://[::1]:8080/nova")]
    public void ComponentMayHaveAnotherUrl(string url)
    {
        _repository.Write("releases/2025.1/source-refs.yaml",
            $"keystone: \"27.0.2\"\nnova: {{ ref: \"31.3.1\", url: \"{url}\" }}\n");
        var expected = new SourceRef("nova", "31.3.1", "releases/2025.1/source-refs.yaml", 2, 14) { Url = url };
        Assert.Equal(expected, _repository.Load().Releases["2025.1"].SourceRefs["nova"]);
    }

    [Theory]
    [InlineData("{ ref: a, url: https://user@example.org/nova }",
        "1:22: the url of nova has credentials in it; expected a url without. Take them out, change them, and leave "
        + "them to a git credential helper (git help credentials)")]
    [InlineData("{ ref: a, url: ssh://git:secret@example.org/nova }",
        "1:22: the url of nova has credentials in it; expected a url without. Take them out, change them, and leave "
        + "them to a git credential helper (git help credentials)")]
    [InlineData("{ ref: a, url: \"ext::sh -c x\" }", Unclonable)]
    [InlineData("{ ref: a, url: --upload-pack=x }", Unclonable)]
    [InlineData("{ ref: a, url: ssh://-oProxyCommand=x/nova }", Unclonable)]
    [InlineData("{ ref: a, url: ../nova }", Unclonable)]
    [InlineData("{ ref: a, url: https://example.org/nova?x=$(y) }", Unclonable)]
    [InlineData("{ ref: a, url: [b] }", Unclonable)]
    [InlineData("{ ref: a, uri: b }", "1:17: 'uri' is not known here; expected ref, url. Did you mean 'url'?")]
    [InlineData("{ ref: 27.0 }",
        "1:14: the ref of nova is 27.0, which YAML reads as a number or a date; expected text. Quote it: \"27.0\"")]
    [InlineData("{ url: https://example.org/nova }",
        "1:7: nova has no ref; expected { ref: \"27.0.2\", url: https://example.org/nova }")]
    public void MistakeInAMappingIsReported(string value, string expected) => Assert.Equal(
        ["releases/2025.1/source-refs.yaml:" + expected],
        _repository.Write("releases/2025.1/source-refs.yaml", $"nova: {value}\n").Problems());

    [Fact]
    public void ServicesAreComponentsWithAnImage()
    {
        var catalog = _repository.Load();
        Assert.Equal(["keystone", "nova"], catalog.Services);
        Assert.Equal(["keystone", "nova", "python-base"], catalog.Images);
        Assert.Equal(["keystone", "nova", "oslo.config"], catalog.Components);
    }

    [Fact]
    public void OptionalFilesAreFound()
    {
        Assert.Null(_repository.Load().Releases["2025.1"].OverridesFile);
        _repository.Write("overrides/2025.1/constraints.txt", "")
            .Write("releases/2025.1/build-constraints.txt", "setuptools<81\n");
        var release = _repository.Load().Releases["2025.1"];
        Assert.EndsWith("overrides/2025.1/constraints.txt", release.OverridesFile!, StringComparison.Ordinal);
        Assert.EndsWith("releases/2025.1/build-constraints.txt", release.BuildConstraintsFile!,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keystone: 27.0\n", "releases/2025.1/source-refs.yaml:1:11: the ref of keystone is 27.0, which YAML "
        + "reads as a number or a date; expected text. Quote it: \"27.0\"")]
    [InlineData("keystone: 12e4567\n", "releases/2025.1/source-refs.yaml:1:11: the ref of keystone is 12e4567, which "
        + "YAML reads as a number or a date; expected text. Quote it: \"12e4567\"")]
    [InlineData("keystone:\n", "releases/2025.1/source-refs.yaml:1:10: the ref of keystone is nothing; expected a "
        + "branch, a tag or a commit SHA")]
    [InlineData("keystone: [a]\n", "releases/2025.1/source-refs.yaml:1:11: the ref of keystone is a list; expected a "
        + "branch, a tag or a commit SHA")]
    [InlineData("Keystone: a\n", "releases/2025.1/source-refs.yaml:1:1: 'Keystone' is not the name of a component; "
        + "expected lower-case letters, digits and . _ - between them, as in oslo.messaging")]
    [InlineData("../../etc: a\n", "releases/2025.1/source-refs.yaml:1:1: '../../etc' is not the name of a component; "
        + "expected lower-case letters, digits and . _ - between them, as in oslo.messaging")]
    [InlineData("keystone: --upload-pack=x\n",
        "releases/2025.1/source-refs.yaml:1:11: '--upload-pack=x' is not the name of a git ref; "
        + "expected a branch, a tag or a commit SHA, as 'git check-ref-format' admits it")]
    [InlineData("a: b\n\nkeystone: a\nkeystone: b\n",
        "releases/2025.1/source-refs.yaml:4:1: 'keystone' is there twice, first in line 3. Remove one of them")]
    [InlineData("", "releases/2025.1/source-refs.yaml:1:1: the file is empty; expected a mapping")]
    [InlineData("# nothing\n", "releases/2025.1/source-refs.yaml:1:1: the file is empty; expected a mapping")]
    [InlineData("{}\n",
        "releases/2025.1/source-refs.yaml:1:1: there are no components; expected lines such as keystone: \"27.0.2\"")]
    [InlineData("- keystone\n",
        "releases/2025.1/source-refs.yaml:1:1: there is a list; expected a mapping of component to ref")]
    [InlineData("a:\n\t- b\n",
        "releases/2025.1/source-refs.yaml:2:1: a tab indents the line; expected spaces. Replace the tab by spaces")]
    [InlineData("a: &x b\n", "releases/2025.1/source-refs.yaml:1:4: anchors (&), aliases (*) and tags (!) are not used "
        + "here. Write the value out")]
    [InlineData("a: b\n---\nc: d\n",
        "releases/2025.1/source-refs.yaml:2:1: there is a second document. Remove the line '---' and what follows")]
    public void MistakeInSourceRefsIsReported(string text, string expected) =>
        Assert.Equal([expected], _repository.Write("releases/2025.1/source-refs.yaml", text).Problems());

    [Fact]
    public void GarbledFilesAreReported()
    {
        _repository.Write("releases/2025.1/source-refs.yaml", "a: \"b\n")
            .Write("releases/2025.1/extra-packages.yaml", [0x61, 0x3a, 0x0a, 0x20, 0xff]);
        var problems = _repository.Problems();
        Assert.StartsWith("releases/2025.1/source-refs.yaml:1:4: this is not YAML: ", problems[0],
            StringComparison.Ordinal);
        Assert.Equal(
            "releases/2025.1/extra-packages.yaml:2:2: there is a byte that is not UTF-8. Save the file as UTF-8",
            problems[1]);
    }

    [Theory]
    [InlineData("overrides/2025.1/constraints.txt")]
    [InlineData("releases/2025.1/build-constraints.txt")]
    [InlineData("releases/2025.1/upper-constraints.txt")]
    [InlineData("images/nova/Dockerfile")]
    public void ADirectoryInPlaceOfAFileDoesNotCountAsNone(string file)
    {
        File.Delete(_repository.Write(file, "").Root / file);
        Directory.CreateDirectory(_repository.Root / file);
        Assert.Equal([$"{file}: cannot be read: it is a directory; expected a file"], _repository.Problems());
    }

    [Fact]
    public void MissingAndUnreadableFilesAreReported()
    {
        File.Delete(_repository.Root / "releases/2025.1/source-refs.yaml");
        File.Delete(_repository.Root / "releases/2025.1/upper-constraints.txt");
        Directory.CreateDirectory(_repository.Root / "releases/2025.1/extra-packages.yaml");
        Assert.Equal(
            [
                "releases/2025.1/source-refs.yaml: cannot be read: there is no such file",
                "releases/2025.1/extra-packages.yaml: cannot be read: it is a directory",
                "releases/2025.1/upper-constraints.txt: there is no such file. Copy it from "
                + "openstack/requirements, branch stable/2025.1",
            ],
            _repository.Problems());
    }

    [Fact]
    public void MisplacedFilesAreReported()
    {
        _repository.Write("releases/2025.1/extra_packages.yaml", "")
            .Write("releases/2025.1/owners.txt", "of no concern")
            .Write("releases/epoxy/source-refs.yaml", "").Write("releases/notes.txt", "")
            .Write("overrides/2025.2/constraints.txt", "").Write("overrides/2025.1/constraint.txt", "")
            .Write("images/Foo/Dockerfile", "");
        Assert.Equal(
            [
                "releases/notes.txt: a file stands where directories belong. notes.txt belongs "
                + "into releases/<release>/",
                "releases/2025.1/extra_packages.yaml: this file is not read. Did you mean 'extra-packages.yaml'?",
                "releases/epoxy: 'epoxy' is not the name of a release; expected year.number as in 2025.1",
                "overrides/2025.1/constraint.txt: this file is not read; expected overrides/2025.1/constraints.txt",
                "overrides/2025.2: there is no release '2025.2'. Did you mean '2025.1'?",
                "images/Foo: 'Foo' is not the name of a component; expected lower-case letters, digits and . _ - "
                + "between them, as in oslo.messaging",
            ],
            _repository.Problems());
    }

    [Fact]
    public void AllMistakesOfAllFilesComeTogether()
    {
        _repository.Write("releases/2025.1/source-refs.yaml", "keystone: 27.0\nno va: x\n")
            .Write("releases/2025.2/source-refs.yaml", "keystone: a..b\n")
            .Write("patches/keyston/2025.1/1.patch", "");
        Assert.Equal(5, _repository.Problems().Count);
    }

    [Fact]
    public void EmptyRepositoryHasNoReleases()
    {
        Directory.Delete(_repository.Root / "releases", recursive: true);
        Assert.Equal(["releases: there are no releases; expected a directory such as releases/2025.1"],
            _repository.Problems());
    }
}
