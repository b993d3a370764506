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

    /// <summary>SPDX says of the same distributions the same.</summary>
    [Fact]
    public void SpdxHasWhatCycloneDxHas()
    {
        var text = PackageSpdx.Of(s_package, s_bundled);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Equal(text, PackageSpdx.Of(s_package, [.. s_bundled.Reverse()]));
        var (spdx, cyclone) = (JsonNode.Parse(text)!, JsonNode.Parse(PackageBom.Of(s_package, s_bundled))!);
        Assert.Equal("SPDX-2.3", spdx["spdxVersion"]!.GetValue<string>());
        Assert.Equal("1970-01-01T00:00:00Z", spdx["creationInfo"]!["created"]!.GetValue<string>());
        var packages = spdx["packages"]!.AsArray().Select(x => x!).ToList();
        Assert.Equal(
            cyclone["components"]!.AsArray().Prepend(cyclone["metadata"]!["component"]).Select(x => (
                x!["purl"]!.GetValue<string>(), x["version"]!.GetValue<string>(),
                x["hashes"]![0]!["content"]!.GetValue<string>())),
            packages.Select(x => (x["externalRefs"]![0]!["referenceLocator"]!.GetValue<string>(),
                x["versionInfo"]!.GetValue<string>(), x["checksums"]![0]!["checksumValue"]!.GetValue<string>())));
        Assert.Equal("Organization: Somebody (somebody@example.org)", packages[0]["supplier"]!.GetValue<string>());
        // Every element is described by the document, or contained in what is; no identifier is there twice.
        Assert.All(packages, x => Assert.Matches(@"^SPDXRef-[A-Za-z0-9.-]+\z", x["SPDXID"]!.GetValue<string>()));
        Assert.Equal(packages.Select(x => x["SPDXID"]!.GetValue<string>()).Distinct(),
            spdx["relationships"]!.AsArray().Select(x => x!["relatedSpdxElement"]!.GetValue<string>()));
    }

    [Fact]
    public void ItIsAFunctionOfThePackage() =>
        Assert.Equal(PackageBom.Of(s_package, s_bundled), PackageBom.Of(s_package, [.. s_bundled.Reverse()]));
}
