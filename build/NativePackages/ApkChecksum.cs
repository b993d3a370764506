using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace OpenStack.NativePackages;

/// <summary>SHA-1, which the format wants: by it apk tells files and packages, and trusts nothing.</summary>
/// <remarks>What is trusted is the signature, of SHA-256, and the digest of the data below it.</remarks>
[SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "apk-v2(5)")]
static class ApkChecksum
{
    public static byte[] Of(ReadOnlySpan<byte> content) => SHA1.HashData(content);

    public static byte[] Of(Stream content) => SHA1.HashData(content);
}
