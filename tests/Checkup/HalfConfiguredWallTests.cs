using System.Net;
using System.Security.Cryptography.X509Certificates;
using OpenStack.Checkup;
using OpenStack.Indexes;
using OpenStack.Network;
using OpenStack.Oci;
using OpenStack.Packages;
using OpenStack.Tests.Indexes;
using OpenStack.Tests.Lab;
using OpenStack.Tests.Network;
using OpenStack.Tests.Oci;
using OpenStack.Tests.Updates;

namespace OpenStack.Tests.Checkup;

/// <summary>Each way in which somebody may have told half of it is named with what cures it.</summary>
public sealed class HalfConfiguredWallTests : IDisposable
{
    const string Proxy = "me:pr0xy";
    const string Index = "me:1ndex";
    const string Archive = "me:arch1ve";

    readonly TemporaryDirectory _wheels = new();
    readonly TestAuthority _authority = new();
    readonly FakeServer _archive = new() { Answer = x => new FakeAnswer(x.Path.Contains("/noble/") ? 200 : 404, "") };

    public void Dispose()
    {
        _archive.Dispose();
        _authority.Dispose();
        _wheels.Dispose();
    }

    [Theory]
    [InlineData("all is as it has to be", null)]
    [InlineData("nobody trusts the authority", "with --ca-bundle")]
    [InlineData("another authority is trusted", "with --ca-bundle")]
    [InlineData("the authority has ended", "with --ca-bundle")]
    [InlineData("the proxy is told no password", "HTTPS_PROXY=http://user:password@proxy:port")]
    [InlineData("the proxy is told another password", "HTTPS_PROXY=http://user:password@proxy:port")]
    [InlineData("the proxy lets the host not through", "NO_PROXY")]
    [InlineData("nobody is the proxy", "cannot be reached")]
    [InlineData("the index is told no password", "UV_INDEX_OURS_USERNAME and UV_INDEX_OURS_PASSWORD")]
    [InlineData("the index is told another password", "UV_INDEX_OURS_PASSWORD")]
    [InlineData("the index has no package", "--default-index")]
    [InlineData("the archive is told no password", "in the file of --apt-auth")]
    [InlineData("the archive is told another password", "in the file of --apt-auth")]
    [InlineData("the archive has no such suite", "Correct --apt-sources or --input-mirrors")]
    public async Task ItIsSaid(string wall, string? remedy)
    {
        if (wall != "the index has no package") _wheels.Write("pbr-7.0.1-py3-none-any.whl", "");
        using var index = new TestIndex([_wheels.Path]);
        using var ended = new TestAuthority("An authority of old", until: DateTimeOffset.UtcNow.AddDays(-1));
        using var other = new TestAuthority("Another authority");
        var authority = wall == "the authority has ended" ? ended : _authority;
        using var network = new CompanyNetwork(authority, Proxy).With("archive.example.test", _archive.Url, Archive);
        if (wall != "the proxy lets the host not through")
            network.With("index.example.test", new Uri(new Uri(index.Url), "/"), Index);
        using var client = ClientOf(network, wall switch
        {
            "the proxy is told no password" => null,
            "the proxy is told another password" => "me:other",
            _ => Proxy,
        }, wall switch
        {
            "nobody trusts the authority" => [],
            "another authority is trusted" => other.Roots,
            _ => authority.Roots,
        }, wall == "nobody is the proxy");
        var report = await CheckReport.RunAsync(
        [
            new("index", x => new NetworkChecks(client).IndexAsync(IndexKnownBy(wall switch
            {
                "the index is told no password" => null,
                "the index is told another password" => "me:other",
                _ => Index,
            }), isLast: true, x)),
            new("archive", x => new NetworkChecks(client).SuiteAsync(new AptSource("http://deb.example.test",
                wall == "the archive has no such suite" ? "jammy" : "noble"),
                InputMirror.ParseAll(["http://deb.example.test=https://archive.example.test"]), wall switch
                {
                    "the archive is told no password" => "",
                    "the archive is told another password" => "machine archive.example.test login me password other",
                    _ => "machine archive.example.test login me password arch1ve",
                }, x)),
        ], TimeSpan.FromSeconds(30));
        if (remedy is null) Assert.Equal(["Good", "Good"], report.Subjects.Select(x => $"{x.State}"));
        else Assert.Contains(report.Problems, x => $"{x}".Contains(remedy, StringComparison.Ordinal));
        Assert.All(report.Problems, x => Assert.DoesNotMatch("pr0xy|1ndex|arch1ve", $"{x}"));
    }

    [Fact]
    public async Task AMirrorOfARegistryThatLacksAnImageIsNamed()
    {
        using var server = new FakeServer();
        using var registry = TestRegistry.Open(server.Url.Authority, budget: TimeSpan.FromSeconds(1));
        var report = await CheckReport.RunAsync([new("registry", x => NetworkChecks.ImageAsync(registry,
            RegistryReference.Parse($"{server.Url.Authority}/hub/library/ubuntu:noble"), x))],
            TimeSpan.FromSeconds(30));
        Assert.Equal($"registry: {server.Url.Authority}/hub/library/ubuntu:noble is not there. Correct its name, or "
            + "--registry-mirrors", $"{Assert.Single(report.Problems)}");
    }

    static PackageIndex IndexKnownBy(string? account) => PackageIndex.Parse("ours=https://index.example.test/simple",
        x => x == "UV_INDEX_OURS_USERNAME" ? account?.Split(':')[0]
            : x == "UV_INDEX_OURS_PASSWORD" ? account?.Split(':')[1]
            : x == "HOME" ? "/nonexistent" : null, mayHoldCredentials: false, "--default-index");

    static HttpClient ClientOf(CompanyNetwork network, string? account, X509Certificate2Collection roots, bool isGone)
    {
        var handler = TlsTrust.NewHandler(() => roots);
        handler.Proxy = new WebProxy(new Uri($"http://{(isGone ? TestRegistry.FreeAddress() : network.Proxy)}"))
        {
            Credentials = account?.Split(':') is [var user, var password]
                ? new NetworkCredential(user, password) : null,
        };
        return new HttpClient(handler);
    }
}
