using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Catalog;

/// <summary>Refs and trees from the command line.</summary>
public sealed class AdHocSourcesTests : IDisposable
{
    readonly TestRepository _repository = new TestRepository()
        .Write("releases/2025.1/source-refs.yaml",
            "keystone: \"27.0.2\"\nnova: { ref: a, url: https://example.org/nova }\noslo.config: 9.7.1\n")
        .Write("releases/2025.1/upper-constraints.txt", "oslo.messaging===16.1.0\nrestructuredtext_lint===1.4.0\n")
        .Write("releases/2025.2/source-refs.yaml", "keystone: 28.0.2\n")
        .Write("releases/2025.2/upper-constraints.txt", "oslo.messaging===17.1.0\noslo.config===10.0.0\n");

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void RefsTakeThePlaceOfThoseInEveryRelease()
    {
        var selection = Apply(["all"], ["all"],
            ["keystone=stable/2025.2", "oslo.messaging=14.9.0", "oslo.config=master"], []);
        Assert.Equal(["keystone", "nova", "keystone"], selection.Select(x => x.Service));
        Assert.Same(selection[0].Release, selection[1].Release);
        foreach (var release in selection.Select(x => x.Release))
        {
            Assert.Equal(new SourceRef("keystone", "stable/2025.2", "--ref", 0, 0), release.SourceRefs["keystone"]);
            Assert.Equal(["oslo.config", "oslo.messaging"], _repository.Load().LibrariesOf(release));
        }
    }

    [Fact]
    public void LibraryGoesOnlyWhereItIsUsed()
    {
        var selection = Apply(["keystone"], ["all"], ["restructuredtext-lint=1.4.0"], []);
        Assert.Equal([true, false], selection.Select(x => x.Release.SourceRefs.ContainsKey("restructuredtext-lint")));
    }

    [Fact]
    public void UrlOfTheFileStaysAndTheTreeIsRelativeToTheCaller()
    {
        var refs = Apply(["nova"], ["2025.1"], ["nova=b"], [])[0].Release.SourceRefs;
        Assert.Equal(("b", "https://example.org/nova"), (refs["nova"].Ref, refs["nova"].Url));
        refs = Apply(["nova"], ["2025.1"], [], ["nova=images/../images", "oslo.messaging=."])[0].Release.SourceRefs;
        Assert.Equal([_repository.Root / "images", _repository.Root],
            [refs["nova"].LocalTree, refs["oslo.messaging"].LocalTree]);
        Assert.Equal("--source", refs["nova"].File);
    }

    [Fact]
    public async Task Mistakes() =>
        await Verifier.Verify(Assert.Throws<ProblemException>(() => Apply(["keystone"], ["2025.1"],
            ["keystone", "=x", "keystone=--upload-pack=x", "../etc=x", "nova=x", "keyston=x", "oslo.mesaging=1",
                "private-driver=1", "oslo.config=1", "oslo.config=1"],
            ["oslo.config=.", "oslo.messaging=nowhere"])).Message
            .Replace(_repository.Root, "<root>", StringComparison.Ordinal));

    IReadOnlyList<SelectedImage> Apply(string[] services, string[] releases, string[] refs, string[] trees)
    {
        var catalog = _repository.Load();
        return new AdHocSources(catalog, refs, trees, _repository.Root).Apply(catalog.Select(services, releases));
    }
}
