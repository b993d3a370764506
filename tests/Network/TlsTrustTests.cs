using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using OpenStack.Diagnostics;
using OpenStack.Network;

namespace OpenStack.Tests.Network;

/// <summary>Servers whose certificates a company signs.</summary>
public sealed class TlsTrustTests
{
    [Fact]
    public async Task WhoIsTrustedIsAnswered()
    {
        using var authority = new TestAuthority();
        Assert.Null(await ProblemWithAsync(authority.Issue(), authority.Roots));
    }

    [Fact]
    public async Task WhoIsNotIsNamedWithTheParameterThatCuresIt()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority("Somebody else");
        foreach (var roots in (X509Certificate2Collection[])[[], other.Roots])
        {
            var problem = (await ProblemWithAsync(authority.Issue(), roots))!;
            Assert.Contains("127.0.0.1 shows a certificate of 'Inspection of Example Inc'", problem.Found,
                StringComparison.Ordinal);
            Assert.Contains("--ca-bundle", problem.Remedy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WhatHasExpiredIsNamed()
    {
        using var authority = new TestAuthority();
        var server = (await ProblemWithAsync(authority.Issue(until: DateTimeOffset.UtcNow.AddDays(-1)),
            authority.Roots))!;
        Assert.StartsWith("the certificate of 127.0.0.1 is valid from ", server.Found, StringComparison.Ordinal);
        Assert.Contains("clock", server.Remedy, StringComparison.Ordinal);

        using var aged = new TestAuthority(until: DateTimeOffset.UtcNow.AddDays(-1));
        var root = (await ProblemWithAsync(aged.Issue(until: DateTimeOffset.UtcNow.AddDays(-2)), aged.Roots))!;
        Assert.Contains("is valid from ", root.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACertificateOfAnotherHostIsRefusedThoughItIsSignedWell()
    {
        using var authority = new TestAuthority();
        var problem = (await ProblemWithAsync(authority.Issue("index.example.org"), authority.Roots))!;
        Assert.Equal("the certificate of 127.0.0.1 is of another host: index.example.org", problem.Found);
    }

    /// <summary>What a request to a server with a certificate comes to; null where it is answered.</summary>
    static async Task<Problem?> ProblemWithAsync(X509Certificate2 certificate, X509Certificate2Collection roots)
    {
        using var server = new LoopbackServer(x => x.Response.WriteAsync("hello"), certificate);
        using var client = new HttpClient(TlsTrust.NewHandler(() => roots));
        try
        {
            Assert.Equal("hello", await client.GetStringAsync(server.Url));
            return null;
        }
        catch (HttpRequestException e)
        {
            return RequestFailure.Describe(server.Url.Authority, e);
        }
    }
}
