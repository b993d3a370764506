using OpenStack.Lab;
using OpenStack.Packages;

namespace OpenStack.Tests.Lab;

public sealed class PythonMetadataTests
{
    [Theory]
    [InlineData("27.0.0", "27.0.0")]
    [InlineData("1.13.2.dev0", "1.13.2")]
    [InlineData("2.5.11+ds", "2.5.11")]
    [InlineData("8.4.2+really8.4.1", "8.4.2")]
    [InlineData("1.0rc1", "1.0rc1")]
    [InlineData("1.0.post2", "1.0.post2")]
    [InlineData("2023.12.1.git.abcdef", "2023.12.1")]
    public void Versions_of_Debian_become_versions_that_pip_takes_for_releases(string version, string clean) =>
        Assert.Equal(clean, WheelVersion.Clean(version));

    [Fact]
    public void Sections_of_requires_txt_become_markers()
    {
        var (requirements, extras) = RequiresTxt.Parse("""
            pbr>=2.0
            six ; python_version < "3"

            [:sys_platform == 'win32' or os_name == 'nt']
            pywin32

            [ldap]
            python-ldap>=3.0

            [ldap:python_version >= "3.8"]
            ldappool

            [empty]
            """);
        Assert.Equal(
            [
                "pbr>=2.0",
                "six ; (python_version < \"3\")",
                "pywin32 ; (sys_platform == 'win32' or os_name == 'nt')",
                "python-ldap>=3.0 ; extra == 'ldap'",
                "ldappool ; (python_version >= \"3.8\") and extra == 'ldap'",
            ],
            requirements);
        Assert.Equal(["ldap", "empty"], extras);
    }

    [Fact]
    public void Fields_added_to_metadata_without_a_description_stay_fields()
    {
        var metadata =
            CoreMetadata.Parse("Metadata-Version: 1.2\r\nName: a\r\nVersion: 1\r\nLicense: one\r\n        two\r\n\r\n");
        metadata.Add("Requires-Dist", "b");
        Assert.Equal("Metadata-Version: 1.2\nName: a\nVersion: 1\nLicense: one\n        two\nRequires-Dist: b\n\n",
            metadata.ToString());
    }

    [Fact]
    public void The_description_is_kept_behind_the_fields()
    {
        var metadata = CoreMetadata.Parse("Name: a\nVersion: 1\n\nRequires-Dist: not a field\n");
        metadata.Set("Version", "2");
        Assert.Empty(metadata.Requirements);
        Assert.Equal("Name: a\nVersion: 2\n\nRequires-Dist: not a field\n", metadata.ToString());
    }
}
