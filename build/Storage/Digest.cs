using System.Security.Cryptography;
using System.Text;
using Nuke.Common.IO;

namespace OpenStack.Storage;

/// <summary>SHA-256 in the form of the OCI image specification: <c>sha256:</c> and 64 hexadecimal digits.</summary>
public static class Digest
{
    public static string OfBytes(ReadOnlySpan<byte> bytes) => Format(SHA256.HashData(bytes));

    public static string OfText(string text) => OfBytes(Encoding.UTF8.GetBytes(text));

    public static string OfFile(AbsolutePath file)
    {
        using var stream = File.OpenRead(file);
        return Format(SHA256.HashData(stream));
    }

    /// <summary>
    /// Of all files below, by relative path, content and executable bit; links by their target. Times do not count.
    /// </summary>
    /// <param name="except">Files directly in it that do not count either.</param>
    public static string OfDirectory(AbsolutePath directory, params IReadOnlyList<string> except) =>
        OfText(DirectoryList.Of(directory, except));

    static string Format(byte[] hash) => "sha256:" + Convert.ToHexStringLower(hash);
}
