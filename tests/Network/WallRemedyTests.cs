using OpenStack.Network;

namespace OpenStack.Tests.Network;

/// <summary>What the programs themselves say: copied from runs of them.</summary>
public sealed class WallRemedyTests
{
    [Theory]
    [InlineData("error: Failed to fetch: `https://pypi.org/simple/pbr/`\n  Caused by: invalid peer certificate: "
        + "UnknownIssuer", "--ca-bundle")]
    [InlineData("fatal: unable to access 'https://opendev.org/openstack/nova/': server certificate verification "
        + "failed. CAfile: none CRLfile: none", "--ca-bundle")]
    [InlineData("fatal: unable to access 'https://x/': SSL certificate problem: unable to get local issuer certificate",
        "--ca-bundle")]
    [InlineData("<urlopen error [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in "
        + "certificate chain (_ssl.c:1006)>", "--ca-bundle")]
    [InlineData("Certificate verification failed: The certificate is NOT trusted. The certificate issuer is unknown.",
        "--ca-bundle")]
    [InlineData("x509: certificate signed by unknown authority", "--ca-bundle")]
    [InlineData("fatal: unable to access 'https://x/': Received HTTP code 407 from proxy after CONNECT",
        "user:password")]
    [InlineData("fatal: unable to access 'https://x/': CONNECT tunnel failed, response 407", "user:password")]
    [InlineData("fatal: unable to access 'https://x/': Received HTTP code 403 from proxy after CONNECT", "NO_PROXY")]
    [InlineData("E: Failed to fetch http://x/a/dists/trixie/InRelease  401  Unauthorized [IP: 127.0.0.1 18765]\n"
        + "E: The repository 'http://x/a trixie InRelease' is not signed.", "--apt-auth")]
    [InlineData("E: The repository 'http://x/b trixie Release' is not signed.", "--apt-keyring")]
    [InlineData("fatal: repository 'https://x/' not found", null)]
    [InlineData("error: unable to create proxy object", null)]
    public void WallsAreKnown(string output, string? remedy)
    {
        if (remedy is null) Assert.Null(WallRemedy.For(output));
        else Assert.Contains(remedy, WallRemedy.For(output), StringComparison.Ordinal);
    }
}
