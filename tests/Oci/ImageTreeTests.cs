using System.Security.Cryptography;
using System.Text;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;
using OpenStack.Tests.Sbom;

namespace OpenStack.Tests.Oci;

public sealed class ImageTreeTests : IDisposable
{
    readonly SmallImage _image = new();

    public void Dispose() => _image.Dispose();

    [Fact]
    public void AHigherLayerReplacesAndRemoves()
    {
        _image.Layer(("a/kept", "1"), ("a/replaced", "1"), ("a/gone", "1"), ("dir/x", "1"), ("dir/sub/y", "1"),
            ("file", "1"), ("tree/x", "1"))
            .Layer(("a/replaced", "2"), ("a/.wh.gone", ""), ("./dir/new", "2"), ("dir/.wh..wh..opq", ""), ("tree", "2"),
                ("file/", ""), ("file/within", "2"), ("not/there/.wh.x", ""));
        Assert.Equal(["a/kept 1 0", "a/replaced 2 1", "dir/new 2 1", "file/within 2 1", "tree 2 1"], Files());
    }

    [Fact]
    public void WhatALayerRemovesIsOfTheLayersBelowWhereverItSaysSo()
    {
        _image.Layer(("a", "1"), ("dir/old", "1"))
            .Layer(("a", "2"), ("dir/new", "2"), (".wh.a", ""), ("dir/.wh..wh..opq", ""));
        Assert.Equal(["a 2 1", "dir/new 2 1"], Files());
    }

    [Fact]
    public void LinksAreFollowedAsInAContainer()
    {
        _image.Layer(("usr/lib/os-release", "os"), ("etc/os-release", "->../usr/lib/os-release"), ("lib", "->usr/lib"),
            ("up", "->../../../usr/lib/os-release"),
            ("absolute", "->/lib/os-release"), ("circle", "->circle"), ("dangling", "->nowhere"),
            ("two", "->circle/x"));
        var tree = Read(_ => true);
        foreach (var path in (string[])["etc/os-release", "lib/os-release", "/etc/../lib/os-release", "up", "absolute"])
            Assert.Equal("os", Text(tree.Find(path)));
        foreach (var path in (string[])["circle", "dangling", "two", "usr", "nothing", "etc/os-release/x"])
            Assert.Null(tree.Find(path));
        Assert.NotNull(tree.FindItself("lib/os-release"));
        Assert.Null(tree.FindItself("etc/os-release"));
    }

    [Fact]
    public void AHardLinkHasTheContentOfAFileThatNobodyAskedFor()
    {
        _image.Layer(("cache/1", "content"), ("doc/copyright", "=>cache/1"), ("other", "unread"))
            .Layer(("doc/again", "=>doc/copyright"), ("doc/nothing", "=>not/there"));
        var tree = Read(x => x is "doc/copyright" or "doc/again");
        Assert.Equal(("content", "content"), (Text(tree.Find("doc/copyright")), Text(tree.Find("doc/again"))));
        Assert.Null(tree.Find("other")!.Content);
        Assert.Null(tree.Find("doc/nothing"));
    }

    [Fact]
    public void DigestsAreThoseOfTheContent()
    {
        var large = new string('x', 200_000);
        _image.Layer(("empty", ""), ("large", large), (new string('p', 150) + "/" + new string('q', 120), "long path"));
        var tree = ImageTree.Read(_image.Write(), _image.Write().ReadManifest(), _ => false, digests: true);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(large)), tree.Find("large")!.Digest);
        Assert.Equal(SHA256.HashData([]), tree.Find("empty")!.Digest);
        Assert.Equal(3, tree.Files().Count());
    }

    [Fact]
    public void NoPathLeadsOutOfTheImage()
    {
        _image.Layer(("../../etc/passwd", "1"), ("/srv/x", "2"), ("a/../../b", "3"));
        Assert.Equal(["b 3 0", "etc/passwd 1 0", "srv/x 2 0"], Files());
    }

    /// <summary>
    /// As containerd's overlay snapshotter unpacks it, which the laboratory's engine is asked for in
    /// <see cref="EngineLayersTests"/>.
    /// </summary>
    [Theory]
    [InlineData("lib/y=Y", "lib/y Y 1|usr/lib/x X 0")]
    [InlineData("lib/|lib/y=Y", "lib/y Y 1|usr/lib/x X 0")]
    [InlineData("lib->usr/lib|lib/y=Y", "usr/lib/x X 0|usr/lib/y Y 1")]
    [InlineData("lib/.wh.x=", "usr/lib/x X 0")]
    [InlineData("usr/lib/.wh.x=|usr/lib/y=Y", "usr/lib/y Y 1")]
    [InlineData("z->/usr/../usr/lib|z/y=Y", "usr/lib/x X 0|usr/lib/y Y 1")]
    [InlineData("z->nowhere/deep|z/y=Y", "nowhere/deep/y Y 1|usr/lib/x X 0")]
    [InlineData("z->../..|z/y=Y", "usr/lib/x X 0|y Y 1")]
    [InlineData("usr->opt|usr/y=Y", "opt/y Y 1")]
    [InlineData("a=A|b=>a|c->b|d=>c", "a A 1|b A 1|usr/lib/x X 0")]
    public void APathThroughALinkLeadsWhereAnEngineUnpacksIt(string layer, string expected)
    {
        _image.Layer(("usr/", ""), ("usr/lib/", ""), ("usr/lib/x", "X"), ("lib", "->usr/lib"))
            .Layer(EngineLayersTests.Parse(layer));
        Assert.Equal(expected.Split('|'), Files());
    }

    [Theory]
    [InlineData("c->c|c/x=X", "leads through too many links")]
    [InlineData("f=F|f/x=X", "f/x is in something that is no directory")]
    public void WhatNoEngineUnpacksIsAProblem(string layer, string expected)
    {
        _image.Layer(EngineLayersTests.Parse(layer));
        Assert.Contains(expected, Assert.Throws<ProblemException>(() => Files()).Message, StringComparison.Ordinal);
    }

    /// <summary>The same layer, packed in each way that is read; what others are is told.</summary>
    [Theory]
    [InlineData("none", null)]
    [InlineData("gzip", null)]
    [InlineData("gzip in two members", null)]
    [InlineData("zstd", null)]
    [InlineData("zstd with frames to skip", null)]
    [InlineData("zstd in two frames", null)]
    [InlineData("bzip2", "packed with bzip2, which no engine unpacks")]
    [InlineData("xz", "packed with xz, which no engine unpacks")]
    [InlineData("lz4", "packed with lz4, which no engine unpacks")]
    [InlineData("zip", "packed with zip, which no engine unpacks")]
    [InlineData("cut zstd", "cannot be read")]
    public void LayersAreReadHoweverTheyArePacked(string how, string? problem)
    {
        var tar = SmallImage.Tar([("file", string.Concat(Enumerable.Range(0, 5000)))]);
        _image.Packed(PackedLayers.Pack(tar, how), tar);
        if (problem is null)
        {
            Assert.Equal(["file"], Read(_ => true).Files().Select(x => x.Path));
            return;
        }

        Assert.Contains(problem, Assert.Throws<ProblemException>(() => Files()).Message, StringComparison.Ordinal);
        if (how.StartsWith("cut", StringComparison.Ordinal)) return;
        // That is told by its first bytes, where the image comes in.
        var told = Assert.Throws<ProblemException>(() => _image.Write().Verify());
        Assert.Contains(problem, told.Message, StringComparison.Ordinal);
        Assert.Contains("skopeo copy", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedLayerIsToldByItsDigestAndNotByWhatIsInIt()
    {
        _image.Layer(("file", new string('x', 2000)));
        var layout = _image.Write();
        var layer = layout.ReadManifest().Layers[0];
        var bytes = File.ReadAllBytes(layout.Blob(layer.Digest));
        bytes[20] ^= 1;
        File.WriteAllBytes(layout.Blob(layer.Digest), bytes);
        var found = Digest.OfBytes(bytes);
        foreach (var problem in (ProblemException[])
        [
            Assert.Throws<ProblemException>(() => ImageTree.Read(layout, layout.ReadManifest(), _ => true)),
            Assert.Throws<ProblemException>(layout.Verify),
        ])
            Assert.Contains($"should be {layer.Digest} and is {found}", problem.Message, StringComparison.Ordinal);
        // Whoever copied it cannot build it again.
        var foreign = OciLayout.Open(layout.Directory, isForeign: true);
        Assert.Contains("Copy the image again", Assert.Throws<ProblemException>(foreign.Verify).Message,
            StringComparison.Ordinal);
        File.Delete(layout.Blob(layer.Digest));
        Assert.Contains($"lacks the blob {layer.Digest}. Copy the image again",
            Assert.Throws<ProblemException>(foreign.Verify).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, "ends within a header")]
    [InlineData(600, "ends within a file")]
    public void ALayerThatEndsTooEarlyIsAProblem(int length, string message)
    {
        _image.Layer(SmallImage.Tar([("file", new string('x', 2000))]).AsSpan(0, length).ToArray());
        Assert.Contains(message, Assert.Throws<ProblemException>(() => Read(_ => true)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ALayerThatIsSomethingElseIsAProblem()
    {
        _image.Layer(Encoding.UTF8.GetBytes(new string('x', 2000)));
        Assert.Contains("wrong checksum", Assert.Throws<ProblemException>(() => Read(_ => true)).Message,
            StringComparison.Ordinal);
        var layout = _image.Write();
        File.Delete(layout.Blob(layout.ReadManifest().Layers[0].Digest));
        Assert.Contains("lacks the blob",
            Assert.Throws<ProblemException>(() => ImageTree.Read(layout, layout.ReadManifest(), _ => true)).Message,
            StringComparison.Ordinal);
    }

    ImageTree Read(Func<string, bool> keep)
    {
        var layout = _image.Write();
        return ImageTree.Read(layout, layout.ReadManifest(), keep);
    }

    string[] Files() => [.. Read(_ => true).Files().Select(x => $"{x.Path} {Text(x.File)} {x.File.Layer}")];

    static string? Text(ImageFile? file) => file?.Content is { } content ? Encoding.UTF8.GetString(content) : null;
}
