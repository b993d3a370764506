using Nuke.Common.IO;

namespace OpenStack.Tests.Compat;

public sealed class PathTests : IDisposable
{
    readonly AbsolutePath directory = Directory.CreateTempSubdirectory("paths-").FullName;

    public void Dispose() => directory.DeleteDirectory();

    [Theory]
    [InlineData("/a/b/../c/./d//e/", "/a/c/d/e")]
    [InlineData("/", "/")]
    [InlineData("/..a/b.", "/..a/b.")]
    [InlineData(@"C:\a\..\b", @"C:\b")]
    [InlineData(@"C:", @"C:\")]
    [InlineData(@"\\server\share\x\..", @"\\server\share")]
    public void PathsAreNormalised(string path, string expected) => Assert.Equal(expected, (string)(AbsolutePath)path);

    [Fact]
    public void PathsAreComposed()
    {
        AbsolutePath root = "/srv/x";

        Assert.Equal("/srv/x/a/b", root / "a/b");
        Assert.Equal("/srv/b", root / ".." / "b");
        Assert.Equal("/srv", root / ..);
        Assert.Equal(root, root / (string)null!);
        Assert.Equal("/srv/x.sig", root + ".sig");
        Assert.Equal("/srv", root.Parent);
        Assert.Null(((AbsolutePath)"/").Parent);
        Assert.Null((AbsolutePath)(string)null!);
        Assert.Equal("../y/z", (string)root.GetUnixRelativePathTo("/srv/y/z"));
        Assert.Equal("", (string)root.GetRelativePathTo(root));
        Assert.True(root.Contains("/srv/x/y"));
        Assert.False(root.Contains("/srv/xy"));
    }

    [Fact]
    public void WhatIsNotRootedIsRefused()
    {
        Assert.Contains("Path 'rel' must be rooted",
            Assert.Throws<ArgumentException>(() => (AbsolutePath)"rel").Message, StringComparison.Ordinal);
        Assert.Contains("Second path must not be rooted",
            Assert.Throws<ArgumentException>(() => directory / "/a").Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => (AbsolutePath)"/a/../..");
    }

    [Fact]
    public void NamesAndFormats()
    {
        AbsolutePath path = "/a b/c.tar.gz";

        Assert.Equal("c.tar.gz", path.Name);
        Assert.Equal("c.tar", path.NameWithoutExtension);
        Assert.Equal(".gz", path.Extension);
        Assert.Equal("/a b/c.tar.zst", path.WithExtension("zst"));
        Assert.True(path.HasExtension(".zip", ".TAR.GZ"));
        Assert.Equal("/a b/c.tar.gz", $"{path}");
        Assert.Equal("\"/a b/c.tar.gz\"", $"{path:dn}");
        Assert.Equal("'/a b/c.tar.gz'", $"{path:s}");
        Assert.Equal("/a", ((AbsolutePath)"/a").ToString("sn"));
        Assert.True((AbsolutePath)"/a" == "/A/../a");
        Assert.True((AbsolutePath)"/a" != "/A");
    }

    [Fact]
    public void ExistenceIsToldByTheNameOfTheExpression()
    {
        var someFile = (directory / "x").TouchFile();
        var someDirectory = directory;

        Assert.True(someFile.Exists());
        Assert.True(someDirectory.Exists());
        Assert.Throws<ArgumentException>(() => (directory / "x").Exists());
    }

    [Fact]
    public void FilesAreFoundByPatternAndDepth()
    {
        foreach (var name in (string[])["a.txt", "b.md", "c/d.txt", "c/e/f.txt", "c/e/g.TXT"])
            (directory / name).TouchFile();

        Assert.Equal(["a.txt", "c/d.txt", "c/e/f.txt"], Names(directory.GlobFiles("**/*.txt")));
        Assert.Equal(["c/d.txt"], Names(directory.GlobFiles("*/?.txt")));
        Assert.Equal(["a.txt", "b.md"], Names(directory.GlobFiles("*.txt", "*.md")));
        Assert.Equal(["c", "c/e"], Names(directory.GlobDirectories("**/*")));
        Assert.Equal(["a.txt", "b.md"], Names(directory.GetFiles()));
        Assert.Equal(["a.txt", "c/d.txt"], Names(directory.GetFiles("*.txt", depth: 2)));
        Assert.Equal(["c", "c/e"], Names(directory.GetDirectories(depth: 2)));
    }

    [Fact]
    public void TreesAreCopiedAndMoved()
    {
        (directory / "from" / "a.txt").WriteAllText("new");
        (directory / "from" / "b" / "c.txt").WriteAllText("c");
        (directory / "to" / "a.txt").WriteAllText("old");

        Assert.ThrowsAny<Exception>(() => (directory / "from").Copy(directory / "to"));
        (directory / "from").Copy(directory / "to", ExistsPolicy.MergeAndSkip);
        Assert.Equal("old\n", (directory / "to" / "a.txt").ReadAllText());
        (directory / "from").Move(directory / "to", ExistsPolicy.MergeAndOverwrite);
        Assert.Equal("new\n", (directory / "to" / "a.txt").ReadAllText());
        Assert.Equal("c\n", (directory / "to" / "b" / "c.txt").ReadAllText());
        Assert.False((directory / "from").DirectoryExists());
    }

    string[] Names(IEnumerable<AbsolutePath> paths) =>
        paths.Select(x => (string)directory.GetUnixRelativePathTo(x)).Order(StringComparer.Ordinal).ToArray();
}
