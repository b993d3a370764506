using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Catalog;

/// <summary>
/// A throw-away repository: one release with keystone and nova, both with an image, until a test changes it.
/// </summary>
sealed class TestRepository : IDisposable
{
    public TestRepository()
    {
        Write("releases/2025.1/source-refs.yaml", "keystone: \"27.0.2\"\nnova: stable/2025.1\noslo.config: 9.7.1\n");
        Write("releases/2025.1/upper-constraints.txt", "pbr===7.0.0\n");
        Write("images/keystone/Dockerfile", "FROM scratch\n");
        Write("images/keystone/contract.apache.yaml", "programs: [apache2]\n");
        Write("images/nova/Dockerfile", "FROM scratch\n");
        Write("images/python-base/Dockerfile", "FROM scratch\n");
    }

    public AbsolutePath Root { get; } = Directory.CreateTempSubdirectory("catalog-").FullName;

    public TestRepository Write(string file, string text) => Write(file, System.Text.Encoding.UTF8.GetBytes(text));

    public TestRepository Write(string file, byte[] bytes)
    {
        Directory.CreateDirectory((Root / file).Parent!);
        File.WriteAllBytes(Root / file, bytes);
        return this;
    }

    public ReleaseCatalog Load() => CatalogLoader.Load(Root);

    public IReadOnlyList<string> Problems() =>
        [.. Assert.Throws<ProblemException>(Load).Problems.Select(x => x.ToString())];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
