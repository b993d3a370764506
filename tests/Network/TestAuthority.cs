using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenStack.Tests.Network;

/// <summary>A certificate authority that nobody trusts yet, like that of a company.</summary>
sealed class TestAuthority : IDisposable
{
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly X509Certificate2 _certificate;

    /// <param name="until">When it ends.</param>
    public TestAuthority(string name = "Inspection of Example Inc", DateTimeOffset? until = null)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-2),
            until ?? DateTimeOffset.UtcNow.AddYears(1));
    }

    public string Pem => _certificate.ExportCertificatePem() + "\n";

    public byte[] Der => _certificate.Export(X509ContentType.Cert);

    public X509Certificate2Collection Roots => [_certificate];

    /// <summary>The certificate of a server.</summary>
    /// <param name="host">Its address.</param>
    public X509Certificate2 Issue(string host = "127.0.0.1", DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(_key), DateTimeOffset.UtcNow.AddDays(-30),
            until ?? DateTimeOffset.UtcNow.AddDays(30), RandomNumberGenerator.GetBytes(8));
        using var whole = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
