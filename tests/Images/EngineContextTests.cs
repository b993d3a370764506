using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Lab;

namespace OpenStack.Tests.Images;

/// <summary>
/// What one graph leaves in a directory is a context of the next, as the laboratory's engine takes it.
/// </summary>
[Trait("Group", "Lab")]
public sealed class EngineContextTests : IDisposable
{
    static readonly LabLayout s_lab = new(RepositoryRoot.Path / ".nuke" / "temp" / "lab");

    readonly AbsolutePath _scratch = Directory.CreateTempSubdirectory("context-").FullName;

    public void Dispose() => Directory.Delete(_scratch, recursive: true);

    /// <summary>A patch that turns a 1 into a 2 makes a wheel of another content and the same size, of the same
    /// commit.</summary>
    [Fact]
    public async Task AFileOfTheSameSizeAndCommitIsAnother()
    {
        Directory.CreateDirectory(_scratch / "source");
        foreach (var content in (string[])["timeout = 1", "timeout = 2"])
        {
            await File.WriteAllTextAsync(_scratch / "source" / "file", content);
            await CopyAsync("source", "wheel");
            await CopyAsync("wheel", "image");
            Assert.Equal(content, await File.ReadAllTextAsync(_scratch / "image" / "file"));
        }
    }

    Task CopyAsync(string from, string to)
    {
        var target = BakeTarget.OfDirectory(_scratch / from) with
        {
            Args = new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = "1000000000" },
            Output = [BakeFile.DirectoryOutput(_scratch / to)],
            Files = _scratch / to,
        };
        return new Buildx(s_lab.DockerWrapper, new Watch()).BakeAsync(
            new Dictionary<string, BakeTarget> { [to] = target }, _scratch / "bake.json", _scratch / "log",
            noCache: false);
    }
}
