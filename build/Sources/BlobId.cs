using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace OpenStack.Sources;

/// <summary>The object id that git gives to the contents of a file (gitformat-pack, "blob").</summary>
static class BlobId
{
    /// <summary>40 hexadecimal digits, or 64 in a repository of SHA-256.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "the object id of git")]
    public static string Of(byte[] contents, bool sha256 = false)
    {
        byte[] blob = [.. Encoding.ASCII.GetBytes($"blob {contents.Length}\0"), .. contents];
        return Convert.ToHexStringLower(sha256 ? SHA256.HashData(blob) : SHA1.HashData(blob));
    }
}
