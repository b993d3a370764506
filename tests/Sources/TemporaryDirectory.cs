using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Tests.Sources;

public sealed class TemporaryDirectory : IDisposable
{
    public AbsolutePath Path { get; } = (AbsolutePath)Directory.CreateTempSubdirectory("sources-").FullName;

    public static AbsolutePath operator /(TemporaryDirectory left, string right) => left.Path / right;

    public void Dispose() => Removal.Remove(Path);
}
