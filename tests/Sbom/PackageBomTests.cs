using System.Text.Json.Nodes;
using OpenStack.Sbom;
using OpenStack.Wheels;

namespace OpenStack.Tests.Sbom;

/// <summary>What a native package brings along, as a document.</summary>
public sealed class PackageBomTests
{
    static readonly BundlingPackage s_package = new(
        new("deb", "openstack-nova-31.3.1-p2", "31.3.1-p2.1", "amd64", ["libc6 (>= 2.38)", "python3.13"]),
        "debian-trixie", "Somebody <somebody@example.org>", new string('a', 64),
        "https://opendev.org/openstack/nova", DateTimeOffset.UnixEpoch);

    static readonly DistributionFile[] s_bundled =
    [
        new("nova", "31.3.1", "nova-31.3.1-py3-none-any.whl", new string('b', 64)),
        new("oslo.config", "9.7.0", "oslo_config-9.7.0-py3-none-any.whl", new string('c', 64),
            "https://user:secret@index.example/oslo_config-9.7.0-py3-none-any.whl"),
    ];

    [Fact]
    public void EachDistributionIsThereByTheFileThatItCameFrom()
    {
        var text = PackageBom.Of(s_package, s_bundled);
        Assert.Empty(SbomSchema.ErrorsIn(text));
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        var document = JsonNode.Parse(text)!;
        Assert.Equal(
            "pkg:deb/openstack-images/openstack-nova-31.3.1-p2@31.3.1-p2.1?arch=amd64&distro=debian-trixie",
            document["metadata"]!["component"]!["purl"]!.GetValue<string>());
        Assert.Equal(
            [("pkg:pypi/nova@31.3.1", new string('b', 64)), ("pkg:pypi/oslo-config@9.7.0", new string('c', 64))],
            document["components"]!.AsArray().Select(x => (x!["purl"]!.GetValue<string>(),
                x["hashes"]![0]!["content"]!.GetValue<string>())));
        Assert.Equal(["libc6 (>= 2.38)", "python3.13"], document["metadata"]!["component"]!["properties"]!.AsArray()
            .Select(x => x!["value"]!.GetValue<string>()));
    }

    [Fact]
    public void ItIsAFunctionOfThePackage() =>
        Assert.Equal(PackageBom.Of(s_package, s_bundled), PackageBom.Of(s_package, [.. s_bundled.Reverse()]));
}
