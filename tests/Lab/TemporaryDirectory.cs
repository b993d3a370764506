using Nuke.Common.IO;

namespace OpenStack.Tests.Lab;

/// <summary>A directory of one test, gone with it.</summary>
sealed class TemporaryDirectory : IDisposable
{
    public AbsolutePath Path { get; } = Directory.CreateTempSubdirectory("lab-test-").FullName;

    public AbsolutePath Write(string name, string text)
    {
        var file = Path / name;
        Directory.CreateDirectory(file.Parent!);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
