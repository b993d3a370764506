using System.Globalization;
using System.Security.Cryptography;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using Org.BouncyCastle.Security;

namespace OpenStack.Signing;

/// <summary>
/// An OpenPGP key (RFC 9580, RFC 4880) that package repositories are signed with, out of a file as
/// <c>gpg --armor --export-secret-keys</c> writes it.
/// </summary>
public sealed class OpenPgpKey
{
    readonly PgpSecretKeyRing _ring;
    readonly PgpSecretKey _key;
    readonly PgpPrivateKey _private;

    OpenPgpKey(PgpSecretKeyRing ring, PgpSecretKey key, PgpPrivateKey @private) =>
        (_ring, _key, _private) = (ring, key, @private);

    /// <summary>Of the certificate, in capital letters, as gpg prints it.</summary>
    public string Fingerprint => Convert.ToHexString(_ring.GetPublicKey().GetFingerprint());

    /// <summary>Makes a file with a new RSA key that never expires and has no passphrase.</summary>
    /// <param name="identity">Name, and address in angle brackets.</param>
    public static void Generate(AbsolutePath file, string identity)
    {
        // apt of Debian 13 refuses RSA below 2048 bits (sqv, apt's policy).
        using var rsa = RSA.Create(3072);
        var pair = new PgpKeyPair(PublicKeyAlgorithmTag.RsaGeneral, DotNetUtilities.GetRsaKeyPair(rsa),
            DateTime.UtcNow.AddSeconds(-1));
        var packets = new PgpSignatureSubpacketGenerator();
        packets.SetKeyFlags(isCritical: true, PgpKeyFlags.CanSign | PgpKeyFlags.CanCertify);
        packets.SetIssuerFingerprint(isCritical: false, pair.PublicKey);
        var key = new PgpSecretKey(PgpSignature.PositiveCertification, pair, identity,
            SymmetricKeyAlgorithmTag.Null, HashAlgorithmTag.Sha512, Array.Empty<char>(), useSha1: false,
            packets.Generate(), null, new SecureRandom());
        AtomicFile.Write(file, x =>
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var output = new FileStream(x, options);
            using var armor = new ArmoredOutputStream(output);
            key.Encode(armor);
        });
    }

    /// <param name="passphrase">Empty where it has none.</param>
    /// <exception cref="ProblemException">
    /// It is no secret key, its passphrase is another one, or it has expired or been revoked.
    /// </exception>
    public static OpenPgpKey Read(AbsolutePath file, string passphrase, DateTimeOffset now)
    {
        var ring = ReadRing(file);
        var key = ring.GetSecretKeys().LastOrDefault(x => x.IsSigningKey && !x.IsPrivateKeyEmpty
            && CanSign(x.PublicKey) && IsValid(x.PublicKey, now));
        if (key is null) throw new ProblemException(WhyNone(ring, file, now));
        try
        {
            return new OpenPgpKey(ring, key, key.ExtractPrivateKeyUtf8(passphrase.ToCharArray()));
        }
        catch (PgpException e)
        {
            throw new ProblemException(new Problem("its passphrase is another one", file,
                Remedy: $"Give the one of {Convert.ToHexString(ring.GetPublicKey().GetFingerprint())}"), e);
        }
    }

    /// <summary>The certificate, as <c>Signed-By</c> of apt takes it (sources.list(5)): ASCII armor.</summary>
    public byte[] PublicKey() => Armored(armor =>
    {
        foreach (var key in _ring.GetSecretKeys()) key.PublicKey.Encode(armor);
    });

    public bool IsRsa => _key.PublicKey.Algorithm is PublicKeyAlgorithmTag.RsaGeneral or PublicKeyAlgorithmTag.RsaSign;

    /// <summary>A detached signature, in ASCII armor.</summary>
    public byte[] Sign(byte[] content) => Armored(armor => armor.Write(SignBinary(content)));

    /// <summary>A detached signature as it is.</summary>
    public byte[] SignBinary(byte[] content)
    {
        var generator = Generator(PgpSignature.BinaryDocument);
        generator.Update(content);
        return generator.Generate().GetEncoded();
    }

    /// <summary>A text with its signature around it (RFC 9580, 7: cleartext signature framework).</summary>
    /// <param name="text">Lines that end with a line feed and without white space before it.</param>
    public byte[] ClearSign(byte[] text) => Armored(armor =>
    {
        var generator = Generator(PgpSignature.CanonicalTextDocument);
        armor.BeginClearText(HashAlgorithmTag.Sha512);
        armor.Write(text);
        // The line break before the signature is none of the text.
        var lines = new MemoryStream();
        foreach (var x in text.AsSpan(0, text.Length - 1))
        {
            if (x == '\n') lines.WriteByte((byte)'\r');
            lines.WriteByte(x);
        }

        generator.Update(lines.ToArray());
        armor.EndClearText();
        generator.Generate().Encode(armor);
    });

    PgpSignatureGenerator Generator(int type)
    {
        var generator = new PgpSignatureGenerator(_key.PublicKey.Algorithm, HashAlgorithmTag.Sha512);
        generator.InitSign(type, _private);
        var packets = new PgpSignatureSubpacketGenerator();
        packets.SetSignatureCreationTime(isCritical: false, DateTime.UtcNow);
        packets.SetIssuerFingerprint(isCritical: false, _key.PublicKey);
        generator.SetHashedSubpackets(packets.Generate());
        return generator;
    }

    static PgpSecretKeyRing ReadRing(AbsolutePath file)
    {
        const string expected = "a secret key as 'gpg --armor --export-secret-keys' writes it";
        if (!File.Exists(file))
            throw new ProblemException(new Problem("there is no such key", file, Expected: expected));
        try
        {
            using var input = PgpUtilities.GetDecoderStream(File.OpenRead(file));
            return new PgpSecretKeyRing(input);
        }
        catch (Exception e) when (e is IOException or PgpException or ArgumentException)
        {
            throw new ProblemException(new Problem($"this is no key: {e.Message.TrimEnd('.')}", file,
                Expected: expected), e);
        }
    }

    /// <summary>Whether a certification or binding of it lets it sign; a key without flags may do all it can.</summary>
    static bool CanSign(PgpPublicKey key)
    {
        var flags = key.GetSignatures().Select(x => x.GetHashedSubPackets()?.GetKeyFlags() ?? 0).ToList();
        return flags.All(x => x == 0) || flags.Any(x => (x & PgpKeyFlags.CanSign) != 0);
    }

    static bool IsValid(PgpPublicKey key, DateTimeOffset now) => !key.HasRevocation() && !(ExpiryOf(key) <= now);

    static DateTimeOffset? ExpiryOf(PgpPublicKey key) => key.GetValidSeconds() is > 0 and var seconds
        ? new DateTimeOffset(key.CreationTime, TimeSpan.Zero).AddSeconds(seconds) : null;

    static Problem WhyNone(PgpSecretKeyRing ring, AbsolutePath file, DateTimeOffset now)
    {
        var expired = ring.GetSecretKeys().Select(x => ExpiryOf(x.PublicKey)).Where(x => x <= now).Max();
        return expired is { } when
            ? new Problem($"the key has expired on {when.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}",
                file, Remedy: "Extend it (gpg --quick-set-expire) and export it again, or take another one")
            : new Problem("none of its keys can sign", file, Expected: "a key that signs and is not revoked");
    }

    static byte[] Armored(Action<ArmoredOutputStream> write)
    {
        using var output = new MemoryStream();
        using (var armor = new ArmoredOutputStream(output)) write(armor);
        return output.ToArray();
    }
}
