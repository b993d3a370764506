using System.Security.Cryptography;
using OpenStack.Diagnostics;

namespace OpenStack.Signing;

/// <summary>A public key in PEM, as cosign prints it.</summary>
public sealed class PublicKey
{
    readonly ECDsa? _ecdsa;
    readonly RSA? _rsa;

    PublicKey(string digest, ECDsa? ecdsa, RSA? rsa) => (Digest, _ecdsa, _rsa) = (digest, ecdsa, rsa);

    /// <summary>
    /// Of the key's <c>SubjectPublicKeyInfo</c> (RFC 5280, 4.1), whatever the text around it looks like.
    /// </summary>
    public string Digest { get; }

    /// <summary>Whether signatures can be judged here: of ECDSA and RSA keys. Others are left to cosign.</summary>
    public bool CanVerify => _ecdsa is not null || _rsa is not null;

    /// <exception cref="ProblemException">It is none.</exception>
    public static PublicKey FromPem(string pem, string shownAs)
    {
        if (!PemEncoding.TryFind(pem, out var fields) || pem[fields.Label] != "PUBLIC KEY")
            throw new ProblemException($"{shownAs} is no public key in PEM",
                "'cosign public-key --key <private key>' prints one");
        var bytes = Convert.FromBase64String(pem[fields.Base64Data]);
        return new PublicKey(Storage.Digest.OfBytes(bytes), Import(ECDsa.Create(), bytes), Import(RSA.Create(), bytes));
    }

    /// <summary>Whether a bundle says that it was signed with this key; null where it says nothing. It may say
    /// anything.</summary>
    public bool? IsNamedBy(SigstoreBundle bundle)
    {
        if (bundle.HasCertificate) return false;
        return bundle.KeyHint is { } hint
            ? hint == Convert.ToBase64String(Convert.FromHexString(Digest["sha256:".Length..])) : null;
    }

    /// <summary>Whether any of the bundle's signatures is of this key.</summary>
    public bool Signed(SigstoreBundle bundle) => bundle.Signatures.Any(x => Verify(bundle.SignedBytes, x));

    bool Verify(byte[] data, byte[] signature)
    {
        try
        {
            return (_ecdsa?.VerifyData(data, signature, HashOf(_ecdsa.KeySize), DSASignatureFormat.Rfc3279DerSequence)
                ?? false)
                || (_rsa is not null
                    && (_rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                        || _rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The hash that Sigstore pairs with a curve (sigstore_common.proto, PublicKeyDetails).</summary>
    static HashAlgorithmName HashOf(int bits) => bits switch
    {
        384 => HashAlgorithmName.SHA384,
        521 => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    static T? Import<T>(T key, byte[] info)
        where T : AsymmetricAlgorithm
    {
        try
        {
            key.ImportSubjectPublicKeyInfo(info, out _);
            return key;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }
}
