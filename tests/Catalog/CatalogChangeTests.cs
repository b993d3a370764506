using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Tests.Catalog;

/// <summary>A change that a killed run left: whatever had been done of it, the next one completes it.</summary>
public sealed class CatalogChangeTests : IDisposable
{
    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    AbsolutePath Aside => _repository.Root / ".nuke" / "temp" / "catalog-change";

    [Fact]
    public void KilledAtAnyFileItIsCompletedByTheNext()
    {
        const int Files = 4;
        var expected = ResultOf(_repository, Files);
        for (var done = 0; done < Files; done++)
        {
            using var repository = new TestRepository();
            Assert.Equal(expected, ResultOf(repository, done));
        }
    }

    [Fact]
    public void FileThatSomebodyChangedSinceIsNotOverwritten()
    {
        Begin(_repository, done: 1);
        _repository.Write("releases/2025.1/source-refs.yaml", "keystone: \"27.0.1\"\n");
        var message =
            Assert.Throws<ProblemException>(() => CatalogChange.CompleteBegun(_repository.Root, Aside)).Message;
        Assert.StartsWith("releases/2025.1/source-refs.yaml: the file was changed after a change of the catalog was "
            + "begun that would overwrite it. Undo that, or delete ", message, StringComparison.Ordinal);
        Assert.Equal("keystone: \"27.0.1\"\n", File.ReadAllText(_repository.Root / "releases/2025.1/source-refs.yaml"));
    }

    /// <summary>What the catalog is once a change of which some files were done has been completed.</summary>
    static string ResultOf(TestRepository repository, int done)
    {
        Begin(repository, done);
        var aside = repository.Root / ".nuke" / "temp" / "catalog-change";
        CatalogChange.CompleteBegun(repository.Root, aside);
        Assert.False(Directory.Exists(aside));
        Assert.Equal(["keystone"], repository.Load().Releases["2025.1"].SourceRefs.Keys);
        Assert.False(Directory.Exists(repository.Root / "images" / "nova"));
        Directory.Delete(repository.Root / ".nuke", recursive: true);
        return Digest.OfDirectory(repository.Root);
    }

    /// <summary>
    /// Leaves a repository as a run does that is killed after some of the files of its change were done.
    /// </summary>
    static void Begin(TestRepository repository, int done)
    {
        var aside = repository.Root / ".nuke" / "temp" / "catalog-change";
        var change = new CatalogChange(repository.Root, aside);
        change.Write("releases/2025.1/source-refs.yaml", "keystone: \"27.0.2\"\n");
        change.Write("releases/2025.1/extra-packages.yaml", "keystone:\n  pip-extras: [ldap]\n");
        change.Write("images/keystone/contract.yaml", "commands: []\n");
        change.Remove("images/nova");
        change.Begin();
        foreach (var (path, text) in change.Files.Take(done))
        {
            if (text is null) File.Delete(repository.Root / path);
            else repository.Write(path, text);
        }
    }
}
