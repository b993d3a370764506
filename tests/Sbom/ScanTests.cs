using System.Text.Json;
using CycloneDX;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Sbom;
using OpenStack.Signing;

namespace OpenStack.Tests.Sbom;

public sealed class ScanTests : IDisposable
{
    const string Findings = """
        {"matches": [
          {"vulnerability": {"id": "GHSA-aaaa-bbbb-cccc", "severity": "High", "fix": {"versions": ["27.0.1"], "state": "fixed"}}, "relatedVulnerabilities": [{"id": "CVE-2026-12345"}], "artifact": {"name": "keystone", "version": "27.0.0", "purl": "pkg:pypi/keystone@27.0.0"}},
          {"vulnerability": {"id": "CVE-2026-2", "severity": "Critical", "fix": {"versions": []}}, "relatedVulnerabilities": [], "artifact": {"name": "libc6", "version": "2.41"}},
          {"vulnerability": {"id": "CVE-2026-3", "severity": "Medium"}, "artifact": {"name": "libc6", "version": "2.41"}},
          {"vulnerability": {"id": "CVE-2026-4"}, "artifact": {"name": "libc6", "version": "2.41"}}]}
        """;

    static readonly DateOnly s_today = new(2026, 6, 1);

    readonly SmallImage _image = SmallService.Image();

    public void Dispose() => _image.Dispose();

    [Fact]
    public Task APolicyFullOfMistakesSaysAllOfThem() =>
        Verify(Assert.Throws<ProblemException>(() => ScanPolicyFile.Parse("""
        fail-on: severe
        fail: high
        ignore:
          - id: CVE-2026-1
            expires: "2026-12-31"
          - reason: nobody calls it
            id: CVE-2026-2
          - id: CVE-2026-3
            reason: nobody calls it
            expires: "2026-05-31"
          - id: CVE-2026-4
            reason: ""
            expires: soon
          - id: "2026"
            reason: nobody calls it
            expires: "2026-12-31"
            service: nova
          - just text
        """, "images/scan.yaml", s_today)).Message);

    [Fact]
    public void APolicyHoldsForItsImagesUntilItsDay()
    {
        var policy = ScanPolicyFile.Parse("""
            fail-on: critical
            ignore:
              - id: cve-2026-2
                reason: nobody calls it
                expires: "2026-06-01"
                services: [nova]
            """, "images/scan.yaml", s_today);
        var findings = Grype.Parse(Findings, "x.json");
        Assert.Equal(["CVE-2026-2"], policy.Violations("keystone", findings).Select(x => x.Ids[0]));
        Assert.Empty(policy.Violations("nova", findings));
        Assert.Equal(4,
            (policy with { FailOn = VulnerabilitySeverity.Unknown }).Violations("keystone", findings).Count());
        Assert.Empty((policy with { FailOn = null }).Violations("keystone", findings));
    }

    [Fact]
    public void ThePolicyOfTheRepositoryIsOne()
    {
        var policy = ScanPolicyFile.Parse(File.ReadAllText(RepositoryRoot.Path / "images" / ScanPolicyFile.Name),
            ScanPolicyFile.Name, s_today);
        Assert.Equal(VulnerabilitySeverity.High, policy.FailOn);
    }

    [Fact]
    public void FindingsAreReadAsFarAsTheyGo()
    {
        var findings = Grype.Parse(Findings, "x.json");
        Assert.Equal(["GHSA-aaaa-bbbb-cccc", "CVE-2026-12345"], findings[0].Ids);
        Assert.Equal((VulnerabilitySeverity.High, "keystone", "27.0.1"),
            (findings[0].Severity, findings[0].Component, Assert.Single(findings[0].FixedIn)));
        Assert.Equal(VulnerabilitySeverity.Unknown, findings[3].Severity);
        foreach (var text in (string[])["", "[]", "{}", """{"matches": [{}]}""",
            """{"matches": [{"vulnerability": 1, "artifact": 2}]}"""])
            Assert.Contains("no findings of Grype",
                Assert.Throws<ProblemException>(() => Grype.Parse(text, "x.json")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutTheScannerItIsSaidWhatItIs()
    {
        var message = (await Assert.ThrowsAsync<ProblemException>(() => new Grype("no-such-grype")
            .ScanAsync(_image.Directory / "x", _image.Directory / "y", _image.Directory / "z"))).Message;
        Assert.Contains("there is no such program on PATH", message, StringComparison.Ordinal);
        Assert.Contains("Install Grype, https://github.com/anchore/grype", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheScannerIsAskedForBothReports()
    {
        var program = _image.Directory / "grype";
        await File.WriteAllTextAsync(program, $"""
            #!/bin/sh
            echo "$1" >'{_image.Directory}/asked'
            for x; do case $x in json=*) cat >"${"{x#json=}"}" <<'EOF'
            {Findings}
            EOF
            ;; sarif=*) echo sarif >"${"{x#sarif=}"}";; esac; done
            """);
        await new Command("chmod", "+x", program).RequireAsync();
        Assert.Equal(4, (await new Grype(program)
            .ScanAsync("/x.cdx.json", _image.Directory / "found.json", _image.Directory / "found.sarif")).Count);
        Assert.Equal("sbom:/x.cdx.json\n", await File.ReadAllTextAsync(_image.Directory / "asked"));
        Assert.Equal("sarif\n", await File.ReadAllTextAsync(_image.Directory / "found.sarif"));
    }

    [Fact]
    public Task APatchThatNamesAVulnerabilityResolvesIt()
    {
        var (sbom, mended) = Mended();
        Assert.Equal(["CVE-2026-12345"], mended.Select(x => x.Id));
        string Vex(string version) =>
            SbomFiles.Vex(_image.Write(pack: false), sbom, SmallService.Subject(), mended,
                SbomFiles.VersionOf(version));
        foreach (var version in SbomFiles.Versions) Assert.Empty(SbomSchema.ErrorsIn(Vex(version)));
        return Verify(Vex("1.6"));
    }

    /// <summary>For tools that read OpenVEX: the same, about the image by its purl, at the time of the image.</summary>
    [Fact]
    public void WhatIsMendedIsOpenVexToo()
    {
        var (sbom, mended) = Mended();
        var text = SbomFiles.OpenVex(_image.Write(pack: false), sbom, SmallService.Subject(), mended);
        using var json = JsonDocument.Parse(text);
        var document = json.RootElement;
        Assert.Equal(("https://openvex.dev/ns/v0.2.0", 1), (document.GetProperty("@context").GetString(),
            document.GetProperty("version").GetInt32()));
        Assert.StartsWith("urn:uuid:", document.GetProperty("@id").GetString(), StringComparison.Ordinal);
        Assert.Matches("^20..-..-..T..:..:..Z$", document.GetProperty("timestamp").GetString());
        var statement = Assert.Single(document.GetProperty("statements").EnumerateArray());
        Assert.Equal(("CVE-2026-12345", "fixed"), (statement.GetProperty("vulnerability").GetProperty("name")
            .GetString(), statement.GetProperty("status").GetString()));
        var product = Assert.Single(statement.GetProperty("products").EnumerateArray());
        Assert.StartsWith("pkg:oci/keystone@sha256", product.GetProperty("@id").GetString(), StringComparison.Ordinal);
        Assert.Equal("pkg:pypi/keystone@27.0.0", Assert.Single(product.GetProperty("subcomponents").EnumerateArray())
            .GetProperty("@id").GetString());
        Assert.Contains("0001-mend.patch", statement.GetProperty("status_notes").GetString(),
            StringComparison.Ordinal);
        Assert.Equal("1 statement, fixed: CVE-2026-12345", StatementSummary.OfOpenVex(document));
        using var cycloneDx = JsonDocument.Parse(SbomFiles.Vex(_image.Write(pack: false), sbom,
            SmallService.Subject(), mended, SpecificationVersion.v1_6));
        Assert.Equal("1 statement, resolved: CVE-2026-12345", StatementSummary.OfCycloneDxVex(cycloneDx.RootElement));
    }

    [Fact]
    public void APatchThatTheImageLacksResolvesNothing()
    {
        var (sbom, _) = Mended();
        Assert.Empty(Vex.MendedIn(sbom, [SmallService.Source("nova", "1", true, "Subject: CVE-2026-12345\n---\n")]));
        Assert.Empty(Vex.MendedIn(sbom,
            [SmallService.Source("keystone", "27.0.0", true, "Subject: another patch for CVE-2026-12345\n---\n")]));
        using var json = JsonDocument.Parse(SbomFiles.Vex(_image.Write(pack: false), sbom, SmallService.Subject(), [],
            SpecificationVersion.v1_5));
        Assert.False(json.RootElement.TryGetProperty("vulnerabilities", out var _));
    }

    (BomList Sbom, IReadOnlyList<MendedVulnerability> Mended) Mended()
    {
        var layout = _image.Write(pack: false);
        var sbom = BomList.Parse(SbomFiles.Text(ImageBom.Of(Inventory.Read(layout, layout.ReadManifest()),
            SmallService.Subject(), SpecificationVersion.v1_6)), "x");
        return (sbom, Vex.MendedIn(sbom, SmallService.Subject().Sources.Values));
    }
}
