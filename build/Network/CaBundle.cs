using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Network;

/// <summary>
/// Certificate authorities that are trusted beside those of the machine, as PEM: a company's own, by which a proxy
/// signs what it looks into.
/// </summary>
/// <param name="Text">As it was given.</param>
/// <param name="Certificates">What is in it.</param>
public sealed record CaBundle(string Text, X509Certificate2Collection Certificates)
{
    /// <summary>The parameter that names it.</summary>
    public const string Parameter = "--ca-bundle";

    const string Expected = "one or more certificates as PEM (-----BEGIN CERTIFICATE-----)";

    /// <summary>Where distributions have the bundle of those that they trust.</summary>
    static readonly string[] s_ofSystem =
    [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
    ];

    /// <exception cref="ProblemException">It is not there, has none, or has what is nobody's business.</exception>
    public static CaBundle Read(AbsolutePath file)
    {
        Problem Wrong(string found, int line = 0) =>
            new(found, file, line, Expected: Expected,
                Remedy: $"Name the file of the authority that you trust ({Parameter})");
        if (!File.Exists(file)) throw new ProblemException(Wrong("there is no such file"));
        var bytes = File.ReadAllBytes(file);
        // The tag of a sequence, with which every certificate begins that is not PEM.
        if (bytes is [0x30, ..]) throw new ProblemException(Wrong("it is DER and not PEM") with
        {
            Remedy = $"Convert it: openssl x509 -inform der -in {file.Name} -out {file.NameWithoutExtension}.pem",
        });
        var text = Encoding.UTF8.GetString(bytes);
        // It goes into every step of a build, and anybody's code runs there.
        if (LineOf(text, "PRIVATE KEY-----") is > 0 and var line)
            throw new ProblemException(Wrong("it holds a private key", line));
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(text);
        }
        catch (CryptographicException e)
        {
            throw new ProblemException(Wrong($"a certificate in it cannot be read: {e.Message.TrimEnd('.')}",
                LineOf(text, "-----BEGIN")), e);
        }

        return certificates.Count > 0
            ? new CaBundle(text, certificates)
            : throw new ProblemException(Wrong("there is no certificate in it"));
    }

    /// <summary>The file of those that this machine trusts; null where none is known.</summary>
    /// <param name="but">Is another.</param>
    public static AbsolutePath? OfMachine(AbsolutePath? but = null) => s_ofSystem
        .Prepend(Environment.GetEnvironmentVariable("SSL_CERT_FILE") ?? "")
        .Where(x => File.Exists(x)).Select(x => (AbsolutePath)Path.GetFullPath(x)).FirstOrDefault(x => x != but);

    /// <summary>
    /// Writes it, behind those that the machine trusts, for programs that take one file in place of the machine's.
    /// </summary>
    public void WriteWithSystems(AbsolutePath file)
    {
        var known = OfMachine(but: file);
        AtomicFile.WriteText(file, (known is null ? "" : File.ReadAllText(known).TrimEnd('\n') + "\n")
            + Text.TrimEnd('\n') + "\n");
    }

    static int LineOf(string text, string part) => Array.FindIndex(text.Split('\n'),
        x => x.Contains(part, StringComparison.Ordinal)) + 1;
}
