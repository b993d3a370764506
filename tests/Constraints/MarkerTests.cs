using OpenStack.Constraints;

namespace OpenStack.Tests.Constraints;

public class MarkerTests
{
    static readonly MarkerEnvironment s_noble = MarkerEnvironment.Linux("3.12.3");

    [Theory]
    [InlineData("python_version>='3.10'", true)]
    [InlineData("python_version=='3.9'", false)]
    [InlineData("'3.9' < python_version", true)]
    [InlineData("python_full_version == \"3.12.3\"", true)]
    [InlineData("sys_platform == 'linux' and platform_machine != 'aarch64'", true)]
    [InlineData("sys_platform == 'win32' or platform_system == 'Linux'", true)]
    [InlineData("(sys_platform == 'win32' or os_name == 'posix') and implementation_name == 'cpython'", true)]
    [InlineData("sys_platform == 'win32' and os_name == 'posix' or os_name == 'posix'", true)]
    [InlineData("sys_platform == 'win32' and (os_name == 'posix' or os_name == 'posix')", false)]
    [InlineData("'linux' in sys_platform", true)]
    [InlineData("sys_platform not in 'win32,darwin'", true)]
    [InlineData("python_version in '3.11 3.12'", true)]
    [InlineData("extra == 'ldap'", false)]
    [InlineData("python_implementation == 'CPython'", true)]
    [InlineData("platform.python_implementation != 'PyPy'", true)]
    [InlineData("sys.platform == 'win32'", false)]
    [InlineData("os.name == 'posix' and platform.machine == 'x86_64'", true)]
    [InlineData("platform_machine < 'z'", false)]
    [InlineData("platform_machine == '\\x78\\u0038\\66_64'", true)]
    [InlineData("python_version ~= '3.8'", true)]
    [InlineData("python_version >= '3.9.*'", false)]
    public void MarkerIsEvaluated(string marker, bool holds) =>
        Assert.Equal(holds, Marker.Parse(marker).Holds(s_noble));

    [Theory]
    [InlineData("extra=='some-extra'")]
    [InlineData("extra == 'Some_Extra'")]
    [InlineData("\"SOME.extra\" == extra")]
    public void ExtraIsPartOfTheEnvironment(string marker)
    {
        Assert.True(Marker.Parse(marker).Holds(s_noble.WithExtra("Some_Extra")));
        Assert.False(Marker.Parse(marker).Holds(s_noble.WithExtra("other")));
        Assert.Equal(Marker.Parse("extra == 'some-extra'").ToString().Length, Marker.Parse(marker).ToString().Length);
    }

    [Theory]
    [InlineData("python_full_version < '3.13.2'", null)]
    [InlineData("python_full_version < '3.11.3'", false)]
    [InlineData("python_full_version >= '3.14.0a1'", false)]
    [InlineData("python_full_version == '3.13.*'", true)]
    [InlineData("implementation_version != '3.13.2'", null)]
    [InlineData("platform_release >= '6.1'", null)]
    [InlineData("'x' in extras", null)]
    [InlineData("os_name ~= 'posix'", null)]
    [InlineData("python_full_version < '3.13.2' and os_name == 'nt'", false)]
    [InlineData("python_full_version < '3.13.2' or os_name == 'posix'", true)]
    [InlineData("python_full_version < '3.13.2' and os_name == 'posix'", null)]
    public void WhatDependsOnWhatIsNotKnownIsNotDecided(string marker, bool? holds) =>
        Assert.Equal(holds, Marker.Parse(marker).Holds(MarkerEnvironment.Linux("3.13")));

    [Fact]
    public void TheFullVersionIsThatOfTheInterpreter() =>
        Assert.False(Marker.Parse("python_full_version < '3.13.2'").Holds(MarkerEnvironment.Linux("3.13.5")));

    [Theory]
    [InlineData("python_version==\"3.9\"", "python_version == '3.9'")]
    [InlineData("((python_version  ==  '3.9'))", "python_version == '3.9'")]
    [InlineData("os_name=='a'and(os_name=='b'or os_name=='c')",
        "os_name == 'a' and (os_name == 'b' or os_name == 'c')")]
    [InlineData("(os_name=='a' and os_name=='b') and os_name=='c'",
        "os_name == 'a' and os_name == 'b' and os_name == 'c'")]
    public void SpellingsAreEqual(string marker, string canonical)
    {
        Assert.Equal(canonical, Marker.Parse(marker).ToString());
        Assert.Equal(Marker.Parse(canonical), Marker.Parse(marker));
    }

    [Theory]
    [InlineData("", "a variable or a quoted text is missing")]
    [InlineData("python_versoin == '3'", "there is no variable 'python_versoin'. Did you mean 'python_version'?")]
    [InlineData("os_name", "a comparison is missing")]
    [InlineData("os_name = 'x'", "a comparison is missing")]
    [InlineData("os_name == 'x", "the closing ' is missing")]
    [InlineData("(os_name == 'x'", "')' is missing")]
    [InlineData("os_name == 'x' os_name", "'os_name' follows the marker")]
    [InlineData("'a' == 'b'", "two texts are compared, but no variable")]
    public void MistakeIsExplained(string marker, string error)
    {
        Assert.Null(Marker.TryParse(marker, out var found, out _));
        Assert.Equal(error, found);
    }

    [Fact]
    public void DeepNestingIsRefused() => Assert.Null(Marker.TryParse(new string('(', 100_000), out _, out _));
}
