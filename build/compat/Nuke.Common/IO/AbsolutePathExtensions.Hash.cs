using System.Security.Cryptography;
using System.Text;

namespace Nuke.Common.IO;

/// <summary>MD5 in hexadecimal digits: for finding changes, not for trust.</summary>
public static partial class AbsolutePathExtensions
{
    public static string GetFileHash(this AbsolutePath path)
    {
        Assert.True(path.FileExists());
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(MD5.HashData(stream));
    }

    /// <summary>Over relative paths and contents.</summary>
    public static string GetFileSetHash(this IEnumerable<AbsolutePath> paths, string baseDirectory)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        foreach (var path in paths.Distinct().OrderBy(x => x.ToString()))
        {
            Assert.True(path.FileExists());
            hash.AppendData(Encoding.UTF8.GetBytes(PathConstruction.NormalizePath(PathConstruction.GetRelativePath(baseDirectory, path), '/')));
            hash.AppendData(File.ReadAllBytes(path));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <inheritdoc cref="GetFileSetHash"/>
    public static string GetDirectoryHash(this AbsolutePath path, Func<AbsolutePath, bool> includeFile = null) =>
        Directory.GetFiles(path, "*", SearchOption.AllDirectories)
            .Select(AbsolutePath.Create)
            .Where(x => includeFile is null || includeFile(x))
            .GetFileSetHash(path);
}
