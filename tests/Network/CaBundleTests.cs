using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Network;

namespace OpenStack.Tests.Network;

public sealed class CaBundleTests : IDisposable
{
    readonly AbsolutePath _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void AllCertificatesCount()
    {
        using var one = new TestAuthority();
        using var other = new TestAuthority("Other");
        File.WriteAllText(_file, $"# Ours\n{one.Pem}\n# Theirs\r\n{other.Pem}");
        Assert.Equal(2, CaBundle.Read(_file).Certificates.Count);
    }

    [Theory]
    [InlineData("", "there is no certificate in it")]
    [InlineData("hello\n", "there is no certificate in it")]
    [InlineData("-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n", "a certificate in it cannot be read")]
    [InlineData("\n-----BEGIN EC PRIVATE KEY-----\n", "it holds a private key")]
    public void WhatIsNoneIsRefused(string text, string found)
    {
        File.WriteAllText(_file, text);
        var problem = Assert.Throws<ProblemException>(() => CaBundle.Read(_file)).Problems.Single();
        Assert.StartsWith(found, problem.Found, StringComparison.Ordinal);
        Assert.Equal(_file, problem.File);
        Assert.Contains("--ca-bundle", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void OfTheOtherFormItIsSaidHowToConvertIt()
    {
        using var authority = new TestAuthority();
        File.WriteAllBytes(_file, authority.Der);
        var problem = Assert.Throws<ProblemException>(() => CaBundle.Read(_file)).Problems.Single();
        Assert.StartsWith("Convert it: openssl x509 -inform der", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void ProgramsTrustTheMachinesAuthoritiesAsWell()
    {
        using var authority = new TestAuthority();
        File.WriteAllText(_file, authority.Pem);
        AbsolutePath all = $"{_file}.all";
        try
        {
            CaBundle.Read(_file).WriteWithSystems(all);
            Assert.EndsWith(authority.Pem, File.ReadAllText(all), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(all);
        }
    }
}
