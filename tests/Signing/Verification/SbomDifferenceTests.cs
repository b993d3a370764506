using System.Text.Json;
using OpenStack.Signing;

namespace OpenStack.Tests.Signing.Verification;

public sealed class SbomDifferenceTests
{
    const string Found = """
        {
          "metadata": { "component": { "bom-ref": "pkg:oci/keystone@1" } },
          "components": [
            { "bom-ref": "pkg:pypi/keystone@27.0.0", "name": "keystone", "version": "27.0.0", "hashes": [{ "alg": "SHA-256", "content": "aa" }] },
            { "bom-ref": "pkg:deb/debian/libc6@2.41?arch=amd64", "name": "libc6", "version": "2.41" }
          ],
          "dependencies": [{ "ref": "pkg:oci/keystone@1", "dependsOn": ["pkg:pypi/keystone@27.0.0"] }, { "ref": "pkg:pypi/keystone@27.0.0", "dependsOn": ["pkg:deb/debian/libc6@2.41?arch=amd64"] }]
        }
        """;

    static IReadOnlyList<string> Differences(string attested)
    {
        using var document = JsonDocument.Parse(attested);
        using var found = JsonDocument.Parse(Found);
        return SbomDifference.Of(document.RootElement, found.RootElement);
    }

    static string With(string old, string replacement)
    {
        Assert.Contains(old, Found, StringComparison.Ordinal);
        return Found.Replace(old, replacement, StringComparison.Ordinal);
    }

    [Fact]
    public void OrderPedigreeAndTheNameOfTheImageDoNotCount()
    {
        Assert.Empty(Differences(Found));
        Assert.Empty(Differences(With("pkg:oci/keystone@1",
            "pkg:oci/keystone@1?repository_url=ghcr.io/c5c3/keystone")));
        Assert.Empty(Differences(With("pkg:pypi/keystone@27.0.0",
            "pkg:pypi/keystone@27.0.0?vcs_url=git%2Bhttps://opendev.org")));
        Assert.Empty(Differences(With("?arch=amd64", "?vcs_url=git%2Bhttps://opendev.org&arch=amd64")));
        Assert.Empty(Differences(With("\"hashes\"", "\"pedigree\": { \"notes\": \"patched\" }, \"hashes\"")));
    }

    [Fact]
    public void WhatIsMissingAddedOrChangedIsTold()
    {
        Assert.Equal(["it lists pkg:pypi/keystone@27.0.0 as keystone 27.0.0 SHA-256:bb, and in the image it is "
            + "keystone 27.0.0 SHA-256:aa"], Differences(With("\"aa\"", "\"bb\"")));
        Assert.Contains("the image lists pkg:deb/debian/libc6@2.41?arch=amd64, which it has not",
            Differences(With("\"components\": [", "\"components\": [], \"other\": [")));
        Assert.Contains("it lists pkg:deb/debian/libc6@2.42?arch=amd64, which the image has not",
            Differences(With("libc6@2.41", "libc6@2.42")));
        Assert.Equal(["it has dependencies of pkg:pypi/keystone@27.0.0 as [], and in the image it is "
            + "[pkg:deb/debian/libc6@2.41?arch=amd64]"],
            Differences(With("\"dependsOn\": [\"pkg:deb/debian/libc6@2.41?arch=amd64\"]", "\"dependsOn\": []")));
    }

    /// <summary>A <c>bom-ref</c> is optional (CycloneDX 1.6, component).</summary>
    [Theory]
    [InlineData("""{"type":"library","name":"x","version":"1","purl":"pkg:pypi/x@1"}""", "pkg:pypi/x@1")]
    [InlineData("""{"type":"library","name":"x","version":"1"}""", "library x 1")]
    public void AComponentOfOthersHasAName(string component, string name) =>
        Assert.Contains($"it lists {name}, which the image has not",
            Differences(With("\"components\": [", $"\"components\": [{component},")));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"components":{},"dependencies":[7],"metadata":[]}""")]
    [InlineData("""{"components":[{"bom-ref":[]},null,7],"dependencies":[{"ref":"a","dependsOn":[{}]}]}""")]
    public void AnythingElseIsNotTheSame(string attested) => Assert.NotEmpty(Differences(attested));
}
