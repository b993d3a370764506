using System.Security.Cryptography;

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
}
