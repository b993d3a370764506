using Nuke.Common.IO;

namespace OpenStack.Tests.Sources;

public sealed class TemporaryDirectory : IDisposable
{
    public AbsolutePath Path { get; } = (AbsolutePath)Directory.CreateTempSubdirectory("sources-").FullName;

    public static AbsolutePath operator /(TemporaryDirectory left, string right) => left.Path / right;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
