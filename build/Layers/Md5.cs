using System.Security.Cryptography;
using OpenStack.Oci;

namespace OpenStack.Layers;

/// <summary>The MD5 of a file, which is what dpkg notes of those that it has installed.</summary>
sealed class Md5 : IContentSearch
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);

    /// <summary>In hexadecimal digits.</summary>
    public string Digest => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Read(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);
}
