using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Tests.Storage;

public sealed class RememberedDigestTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("digest-").FullName;

    AbsolutePath Wheels => _directory / "wheels";

    AbsolutePath Wheel => Wheels / "a.whl";

    public RememberedDigestTests()
    {
        Directory.CreateDirectory(Wheels);
        File.WriteAllText(Wheel, "one");
        File.CreateSymbolicLink(Wheels / "b.whl", "nowhere");
        RememberedDigest.Remember(Wheels);
    }

    [Fact]
    public void FilesThatLookTheSameAreNotReadAgain()
    {
        var (digest, time) = (Digest.OfDirectory(Wheels), File.GetLastWriteTimeUtc(Wheel));
        Assert.Equal(digest, RememberedDigest.OfDirectory(Wheels));
        File.WriteAllText(Wheel, "two");
        File.SetLastWriteTimeUtc(Wheel, time);
        Assert.Equal(digest, RememberedDigest.OfDirectory(Wheels));
    }

    [Fact]
    public void AnyOtherChangeIsSeen()
    {
        Action[] changes =
        [
            () => File.SetLastWriteTimeUtc(Wheel, DateTime.UtcNow.AddHours(-1)),
            () => File.WriteAllText(Wheel, "three"),
            () => File.Move(Wheel, Wheels / "c.whl"),
            () => File.Delete(Wheels / "b.whl"),
            () => File.WriteAllText(Wheels / "d.whl", ""),
        ];
        foreach (var change in changes)
        {
            change();
            Assert.Equal(Digest.OfDirectory(Wheels), RememberedDigest.OfDirectory(Wheels));
        }

        RememberedDigest.Remember(Wheels);
        Assert.Equal(Digest.OfDirectory(Wheels), RememberedDigest.OfDirectory(Wheels));
    }

    [Fact]
    public void NothingIsWrittenBesideADirectoryOfSomebodyElse()
    {
        File.Delete($"{Wheels}.digest");
        Assert.Equal(Digest.OfDirectory(Wheels), RememberedDigest.OfDirectory(Wheels));
        Assert.False(File.Exists($"{Wheels}.digest"));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
