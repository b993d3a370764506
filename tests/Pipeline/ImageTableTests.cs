using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Pipeline.Images;
using OpenStack.Sources;
using OpenStack.Tests.Oci;

namespace OpenStack.Tests.Pipeline;

public sealed class ImageTableTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("images-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public Task ImagesAreToldByDigestSizeAndPatches() =>
        Verify(ImageTable.Of([(Image("keystone", 0), null), (Image("nova", 2), TimeSpan.FromSeconds(75))]).Markdown);

    PythonImage Image(string service, int patches)
    {
        var directory = _directory / service;
        TestImage.Make(directory, $"c5c3/{service}", [(service.Length, 3_000_000)], []);
        var source = new SourceTree(new ResolvedRef(service, "https://opendev.org", "27.0.2", RefKind.Tag,
            new string('1', 40)), DateTimeOffset.UnixEpoch, service, "27.0.2");
        new SealedTree(source,
        [
            .. Enumerable.Range(1, patches)
                .Select(x => new AppliedPatch($"{x:0000}-x.patch", "sha256:0", [], PatchHeader.Parse("Subject: x\n"))),
        ]).Write(directory / "source" / "sealed.json");
        return new PythonImage(service, "2025.1", "27.0.2", new string('1', 40), "https://opendev.org",
            DateTimeOffset.UnixEpoch, service, directory / "source" / "tree", "sha256:0", directory / "constraints")
        {
            Directory = directory,
            PipExtras = [],
            PipPackages = [],
            AptPackages = [],
        };
    }
}
