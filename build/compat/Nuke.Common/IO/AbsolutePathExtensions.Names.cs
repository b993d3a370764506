namespace Nuke.Common.IO;

public static partial class AbsolutePathExtensions
{
    /// <summary>Letter case does not matter.</summary>
    public static bool HasExtension(this AbsolutePath path, string extension, params string[] alternativeExtensions) =>
        alternativeExtensions.Prepend(extension).Any(x => path.ToString().EndsWith(x, StringComparison.OrdinalIgnoreCase));

    public static AbsolutePath WithExtension(this AbsolutePath path, string extension) => path.Parent / Path.ChangeExtension(path.Name, extension);

    public static FileInfo ToFileInfo(this AbsolutePath path) => new(path);

    public static DirectoryInfo ToDirectoryInfo(this AbsolutePath path) => new(path);
}
