using System.Globalization;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace OpenStack.Signing;

/// <summary>The public part of an OpenPGP key, by which what it has signed is known.</summary>
public sealed class OpenPgpCertificate
{
    const string Begin = "-----BEGIN PGP SIGNED MESSAGE-----";
    const string Signature = "-----BEGIN PGP SIGNATURE-----";

    readonly PgpPublicKeyRing _ring;

    OpenPgpCertificate(PgpPublicKeyRing ring) => _ring = ring;

    /// <summary>Of the certificate, in capital letters, as gpg prints it.</summary>
    public string Fingerprint => Convert.ToHexString(_ring.GetPublicKey().GetFingerprint());

    /// <param name="content">With ASCII armor or without.</param>
    /// <param name="shownAs">What it is called in messages.</param>
    /// <exception cref="ProblemException">It is no certificate.</exception>
    public static OpenPgpCertificate Read(byte[] content, string shownAs)
    {
        try
        {
            return new OpenPgpCertificate(new PgpPublicKeyRing(PgpUtilities.GetDecoderStream(
                new MemoryStream(content))));
        }
        catch (Exception e) when (e is IOException or PgpException or ArgumentException)
        {
            throw new ProblemException(new Problem($"this is no certificate: {e.Message.TrimEnd('.')}", shownAs,
                Expected: "one as 'gpg --armor --export' writes it"), e);
        }
    }

    /// <summary>
    /// The text that was signed (RFC 9580, 7), and what is wrong with its signature; null where it is good.
    /// </summary>
    public (string Text, Problem? Problem) ReadSigned(AbsolutePath file, DateTimeOffset now)
    {
        var lines = File.ReadAllText(file).ReplaceLineEndings("\n").Split('\n');
        var (blank, end) = (Array.IndexOf(lines, ""), Array.IndexOf(lines, Signature));
        if (lines[0] != Begin || blank < 0 || end < blank)
            return ("", new Problem("it is not signed", file, Expected: $"a text that begins with {Begin}"));
        var text = lines[(blank + 1)..end]
            .Select(x => x.StartsWith("- ", StringComparison.Ordinal) ? x[2..] : x).ToList();
        return (string.Concat(text.Select(x => x + "\n")), ProblemOf(text, string.Join('\n', lines[end..]), file, now));
    }

    /// <summary>What is wrong with a detached signature of a file; null where it is good.</summary>
    public Problem? ProblemOf(AbsolutePath file, AbsolutePath signature, DateTimeOffset now) => File.Exists(signature)
        ? ProblemOf(File.ReadAllBytes(file), File.ReadAllBytes(signature), file, now)
        : new Problem("it is not signed", file, Expected: $"a signature in {signature}");

    /// <summary>What is wrong with a detached signature, in ASCII armor or not; null where it is good.</summary>
    public Problem? ProblemOf(byte[] content, byte[] signature, AbsolutePath file, DateTimeOffset now) =>
        ProblemOf(content, SignatureIn(signature), file, now);

    /// <summary>Whether a signature says that it is of one of its keys.</summary>
    public bool Knows(byte[] signature) =>
        SignatureIn(signature) is { } said && _ring.GetPublicKey(said.KeyId) is not null;

    // Without white space at the ends of lines, which end with CRLF; the last line break is none of the text.
    Problem? ProblemOf(IEnumerable<string> text, string signature, AbsolutePath file, DateTimeOffset now) =>
        ProblemOf(Encoding.UTF8.GetBytes(string.Join("\r\n", text.Select(x => x.TrimEnd(' ', '\t')))),
            SignatureIn(Encoding.ASCII.GetBytes(signature)), file, now);

    Problem? ProblemOf(byte[] content, PgpSignature? said, AbsolutePath file, DateTimeOffset now)
    {
        var key = said is null ? null : _ring.GetPublicKey(said.KeyId);
        if (said is null || key is null)
            return new Problem(said is null ? "its signature cannot be read"
                : $"it is signed by another key, {said.KeyId.ToString("X16", CultureInfo.InvariantCulture)}", file,
                Expected: $"a signature of {Fingerprint}");
        if (key.GetValidSeconds() is > 0 and var seconds && key.CreationTime.AddSeconds(seconds) is var until
            && until <= now.UtcDateTime)
            return new Problem($"the key that it is signed by has expired on {until:u}", file);
        said.InitVerify(key);
        said.Update(content);
        return said.Verify() ? null : new Problem("it is not what was signed", file,
            Expected: $"what {Fingerprint} has signed");
    }

    static PgpSignature? SignatureIn(byte[] signature)
    {
        try
        {
            var stream = PgpUtilities.GetDecoderStream(new MemoryStream(signature));
            return (new PgpObjectFactory(stream).NextPgpObject() as PgpSignatureList)?[0];
        }
        catch (Exception e) when (e is IOException or PgpException)
        {
            return null;
        }
    }
}
