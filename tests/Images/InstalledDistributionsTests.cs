using System.Text.Json;
using OpenStack.Constraints;
using OpenStack.Images;

namespace OpenStack.Tests.Images;

public sealed class InstalledDistributionsTests
{
    static readonly Dictionary<string, string> s_environment = new()
    {
        ["python_version"] = "3.13",
        ["python_full_version"] = "3.13.5",
        ["sys_platform"] = "linux",
    };

    static readonly Pin[] s_pins = [.. UpperConstraints.Parse(
        "six===1.17.0\nlegacy-cgi===2.6.4;python_version>='3.13'\nold===1;python_version<'3.10'\n",
        "constraints.txt").Pins];

    [Fact]
    public void AnEnvironmentThatBelongsTogether() => Assert.All(
        Check(Of("Keystone", "28.0.2", "six (>=1.3,<2)", "pywin32; sys_platform == 'win32'",
            "ldappool>=2; extra == 'ldap'", "legacy_cgi; python_full_version >= '3.13'"),
            Of("six", "1.17.0"), Of("legacy-cgi", "2.6.4"), Of("old", "2")),
        x => Assert.True(x.Holds, $"{x.Name}: {x.Found}"));

    [Theory]
    [InlineData("six<1", "Keystone needs six<1, and 1.17.0 is installed")]
    [InlineData("missing", "Keystone needs missing, which is not installed")]
    [InlineData("six >=", "Keystone has a requirement that cannot be read: ")]
    [InlineData("six; platform_release > '6'", "Keystone needs six; platform_release > '6': whether here is not known")]
    public void WhatIsWrongIsNamed(string requirement, string expected)
    {
        var check = Check(Of("Keystone", "28.0.2", requirement), Of("six", "1.17.0"))[0];
        Assert.False(check.Holds);
        Assert.Contains(expected, check.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void TwiceAnotherVersionAndNoServiceAtAll()
    {
        var checks = Check(Of("six", "1.16.0"), Of("Six", "1.17.0"));
        Assert.Equal(
            ["2 distributions; six is installed 2 times", "1 of 2 are constrained; six is 1.16.0, not 1.17.0", ""],
            checks.Select(x => x.Found));
        Assert.All(checks, x => Assert.False(x.Holds));
    }

    static InstalledDistribution Of(string name, string version, params string[] requires) =>
        new(name, version, requires);

    /// <summary>By way of the text that the probe prints.</summary>
    static List<ContractCheck> Check(params InstalledDistribution[] installed) =>
        [.. InstalledDistributions.Read(JsonSerializer.Serialize(
            new InstalledDistributions(installed, s_environment), JsonSerializerOptions.Web))
            .Check(("keystone", "28.0.2"), s_pins)];
}
