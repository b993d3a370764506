namespace Nuke.Common.IO;

/// <summary>Something that stands for a path.</summary>
public interface IAbsolutePathHolder
{
    AbsolutePath Path { get; }
}
