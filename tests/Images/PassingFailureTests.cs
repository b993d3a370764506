using OpenStack.Images;

namespace OpenStack.Tests.Images;

public sealed class PassingFailureTests
{
    /// <summary>As apt, uv, Go and BuildKit say it.</summary>
    [Theory]
    [InlineData("E: Failed to fetch http://deb.example.org/x.deb  503  Service Unavailable [IP: 192.0.2.1 80]")]
    [InlineData("E: Failed to fetch http://deb.example.org/x.deb  Connection failed [IP: 192.0.2.1 80]")]
    [InlineData("E: Failed to fetch http://deb.example.org/x.deb  Temporary failure resolving 'deb.example.org'")]
    [InlineData("Err:1 http://deb.example.org trixie InRelease Could not connect to deb.example.org:80 (192.0.2.1)")]
    [InlineData("  Caused by: HTTP status server error (502 Bad Gateway) for url (https://pypi.example.org/six/)")]
    [InlineData("  Caused by: Connection reset by peer (os error 104)")]
    [InlineData("  Caused by: operation timed out")]
    [InlineData("go: example.org/x@v1: Get \"https://proxy.example.org/x\": dial tcp 192.0.2.1:443: i/o timeout")]
    [InlineData("go: example.org/x@v1: reading https://proxy.example.org/x.zip: 504 Gateway Timeout")]
    [InlineData("go: example.org/x@v1: read \"https://proxy.example.org/x\": unexpected EOF")]
    [InlineData("failed to do request: Head \"https://registry.example.org/v2/x\": net/http: TLS handshake timeout")]
    public void WhatTheNetworkIsAtFaultForMayPass(string line) =>
        Assert.True(PassingFailure.Is($"[nova fetch 1/1] RUN fetch: process \"x\": exit code: 1\n    {line}\n    end"));

    [Theory]
    [InlineData("E: Failed to fetch http://deb.example.org/x.deb  404  Not Found [IP: 192.0.2.1 80]")]
    [InlineData("E: Failed to fetch http://deb.example.org/x.deb  Hash Sum mismatch")]
    [InlineData("  Caused by: HTTP status client error (401 Unauthorized) for url (https://pypi.example.org/simple/)")]
    [InlineData("go: example.org/x@v1: verifying module: checksum mismatch")]
    [InlineData("SyntaxError: unexpected EOF while parsing")]
    [InlineData("psycopg2.OperationalError: Unable to connect to the database")]
    [InlineData("error: No solution found when resolving dependencies")]
    [InlineData("E: Failed to fetch http://a/x.deb  404  Not Found\n    E: Failed to fetch http://a/y.deb  503  "
        + "Service Unavailable")]
    public void WhatWouldFailAgainDoesNot(string line) =>
        Assert.False(PassingFailure.Is($"[nova fetch 1/1] RUN fetch: process \"x\": exit code: 1\n    {line}"));
}
