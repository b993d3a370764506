using OpenStack.Storage;

namespace OpenStack.Tests.Storage;

public sealed class FileTreeTests : IDisposable
{
    readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("filetree-");

    public void Dispose() => _temporary.Delete(recursive: true);

    [Fact]
    public void LinksAreEntriesAndNotFollowed()
    {
        Directory.CreateDirectory(Path.Combine(_temporary.FullName, "a"));
        File.WriteAllText(Path.Combine(_temporary.FullName, "a", ".b"), "");
        File.CreateSymbolicLink(Path.Combine(_temporary.FullName, "a", "loop"), "..");
        Assert.Equal(["a", "a/.b", "a/loop"],
            FileTree.Entries(_temporary.FullName).Select(x => x.Name).Order(StringComparer.Ordinal));
        Assert.StartsWith("sha256:", Digest.OfDirectory(_temporary.FullName));
    }
}
