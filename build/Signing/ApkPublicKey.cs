using System.Security.Cryptography;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Signing;

/// <summary>What a client of apk trusts: a file in <c>/etc/apk/keys</c>.</summary>
/// <param name="Name">Of the file: a signature says by it whose it is.</param>
/// <param name="Pem">What is in it.</param>
public sealed record ApkPublicKey(string Name, string Pem)
{
    /// <exception cref="ProblemException">It is no public key.</exception>
    public static ApkPublicKey Read(AbsolutePath file)
    {
        if (!File.Exists(file)) throw new ProblemException(new Problem("there is no such key", file));
        var key = new ApkPublicKey(file.Name, File.ReadAllText(file));
        try
        {
            using var rsa = key.Open();
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new ProblemException(new Problem($"this is no public key: {e.Message.TrimEnd('.')}", file,
                Expected: "an RSA key as 'openssl rsa -pubout' writes it"), e);
        }
    }

    /// <summary>Whether <paramref name="signature"/> is of <paramref name="content"/>, by <c>RSA256</c>.</summary>
    public bool Verifies(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        using var rsa = Open();
        return rsa.VerifyData(content, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    RSA Open()
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(Pem);
        return rsa;
    }
}
