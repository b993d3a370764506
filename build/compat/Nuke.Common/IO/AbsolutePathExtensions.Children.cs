namespace Nuke.Common.IO;

public static partial class AbsolutePathExtensions
{
    /// <summary>Sorted within each directory; those nearer come first.</summary>
    public static IEnumerable<AbsolutePath> GetFiles(this AbsolutePath path, string pattern = "*", int depth = 1, FileAttributes attributes = 0)
    {
        Assert.True(depth >= 0);
        if (depth == 0)
            return [];
        return Filter(Directory.EnumerateFiles(path, pattern), attributes)
            .Concat(path.GetDirectories(depth: depth - 1).SelectMany(x => x.GetFiles(pattern, attributes: attributes)));
    }

    /// <inheritdoc cref="GetFiles"/>
    public static IEnumerable<AbsolutePath> GetDirectories(this AbsolutePath path, string pattern = "*", int depth = 1, FileAttributes attributes = 0)
    {
        Assert.True(depth >= 0);
        string[] level = [path];
        for (; level.Length > 0 && depth > 0; depth--)
        {
            foreach (var match in Filter(level.SelectMany(x => Directory.EnumerateDirectories(x, pattern)), attributes))
                yield return match;
            level = level.SelectMany(Directory.GetDirectories).ToArray();
        }
    }

    static IEnumerable<AbsolutePath> Filter(IEnumerable<string> paths, FileAttributes attributes) =>
        paths.Where(x => attributes == 0 || (File.GetAttributes(x) & attributes) == attributes).Order().Select(AbsolutePath.Create);
}
