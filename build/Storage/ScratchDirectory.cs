using Nuke.Common.IO;

namespace OpenStack.Storage;

/// <summary>A directory of this process alone, gone when it is disposed.</summary>
sealed class ScratchDirectory : IDisposable
{
    /// <param name="parent">Where it is made; a file system with room for it.</param>
    public ScratchDirectory(AbsolutePath parent)
    {
        Path = parent / $"scratch-{Guid.NewGuid():N}";
        Directory.CreateDirectory(Path);
    }

    public AbsolutePath Path { get; }

    public void Dispose() => Removal.Remove(Path);
}
