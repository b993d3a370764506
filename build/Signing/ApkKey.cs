using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Signing;

/// <summary>
/// An RSA key that packages and indexes of apk are signed with (apk-keys(5)): no OpenPGP, a file as
/// <c>abuild-keygen</c> and <c>openssl genrsa</c> write it, whose name is the one that clients know it by.
/// </summary>
public sealed partial class ApkKey : IDisposable
{
    /// <summary>What a private key's file ends in; its public one has <c>.pub</c> behind it.</summary>
    public const string Suffix = ".rsa";

    /// <summary>What openssl 3 and the guidelines of Sigstore and Debian call too short.</summary>
    const int ShortestKey = 2048;

    const string Expected = "an RSA key as 'abuild-keygen' or 'openssl genrsa' writes it";

    readonly RSA _rsa;

    ApkKey(RSA rsa, string name) => (_rsa, Name) = (rsa, name);

    /// <summary>Of the public key's file in <c>/etc/apk/keys</c>, which each signature says.</summary>
    public string Name { get; }

    /// <summary>What verifies its signatures.</summary>
    public ApkPublicKey Public => new(Name, PublicPem());

    /// <summary>Makes a file with a new key that has no passphrase.</summary>
    public static void Generate(AbsolutePath file)
    {
        using var rsa = RSA.Create(3072);
        AtomicFile.Write(file, x =>
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var output = new StreamWriter(x, options);
            output.Write(rsa.ExportPkcs8PrivateKeyPem() + "\n");
        });
    }

    /// <param name="passphrase">Empty where it has none.</param>
    /// <exception cref="ProblemException">It is no private key, or has another name or passphrase.</exception>
    public static ApkKey Read(AbsolutePath file, string passphrase)
    {
        if (!File.Exists(file))
            throw new ProblemException(new Problem("there is no such key", file, Expected: Expected));
        if (!FileName().IsMatch(file.Name))
            throw new ProblemException(new Problem($"a key's file cannot be called '{file.Name}'", file,
                Expected: $"a name that ends in {Suffix}, as in packages@example.org-6a1b2c3d{Suffix}",
                Remedy: "Rename it: clients know a key by its name"));
        var rsa = RSA.Create();
        try
        {
            Import(rsa, File.ReadAllText(file), passphrase);
            // A public one is read, too, and found out by that alone.
            _ = rsa.SignData([], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            rsa.Dispose();
            throw new ProblemException(new Problem($"this key cannot sign: {e.Message.TrimEnd('.')}", file,
                Expected: Expected), e);
        }

        if (rsa.KeySize >= ShortestKey) return new ApkKey(rsa, file.Name + ".pub");
        var size = rsa.KeySize;
        rsa.Dispose();
        throw new ProblemException(new Problem($"the key has {size} bits", file,
            Expected: $"{ShortestKey} at least", Remedy: "Make another one: openssl genrsa 4096"));
    }

    /// <summary>
    /// RSASSA-PKCS1-v1_5 with SHA-256, which apk calls <c>RSA256</c>: the same content, the same bytes.
    /// </summary>
    public byte[] Sign(ReadOnlySpan<byte> content) =>
        _rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <summary>What clients have in <c>/etc/apk/keys</c>.</summary>
    public string PublicPem() => _rsa.ExportSubjectPublicKeyInfoPem() + "\n";

    public void Dispose() => _rsa.Dispose();

    static void Import(RSA rsa, string pem, string passphrase)
    {
        if (pem.Contains("ENCRYPTED", StringComparison.Ordinal)) rsa.ImportFromEncryptedPem(pem, passphrase);
        else rsa.ImportFromPem(pem);
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9@._+-]*\.rsa\z")]
    private static partial Regex FileName();
}
