using System.Text.RegularExpressions;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Tests.Constraints;

namespace OpenStack.Tests.Catalog;

public class NamesTests
{
    [Theory]
    [InlineData("27.0.2")]
    [InlineData("1.0.0.0rc1")]
    [InlineData("v3.4.6")]
    [InlineData("stable/2025.1")]
    [InlineData("feature/foo_bar+x")]
    [InlineData("refs/changes/12/345612/3")]
    [InlineData("2025.1-eol")]
    [InlineData("b896b71557ce")]
    public void RefIsAdmitted(string name) => Assert.Equal(name, Names.Ref.Require(name));

    [Theory]
    [InlineData("")]
    [InlineData("-x")]
    [InlineData("--upload-pack=x")]
    [InlineData("a b")]
    [InlineData("a?b")]
    [InlineData("a[b")]
    [InlineData("a\u007fb")]
    [InlineData("a/b..c")]
    [InlineData("../a")]
    [InlineData("a\nb")]
    [InlineData("a..b")]
    [InlineData("a@{1}")]
    [InlineData("@")]
    [InlineData("a~1")]
    [InlineData("a^")]
    [InlineData("a:b")]
    [InlineData("a\\b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a/.b")]
    [InlineData("a.lock")]
    [InlineData("a.lock/b")]
    [InlineData("a.")]
    [InlineData("a*")]
    public void RefIsRefused(string name) => Assert.Throws<ProblemException>(() => Names.Ref.Require(name));

    [Theory]
    [InlineData("2025.1", true)]
    [InlineData("2026.2", true)]
    [InlineData("2025", false)]
    [InlineData("epoxy", false)]
    [InlineData("../..", false)]
    [InlineData("2025.1\n", false)]
    [InlineData("2025/1", false)]
    public void ReleaseIsYearAndNumber(string name, bool admitted) =>
        Assert.Equal(admitted, Names.Release.Admits(name));

    [Theory]
    [InlineData("oslo.messaging", true)]
    [InlineData("glance_store", true)]
    [InlineData("python-novaclient", true)]
    [InlineData("Nova", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("nova-", false)]
    [InlineData("", false)]
    public void ComponentIsLowerCase(string name, bool admitted) =>
        Assert.Equal(admitted, Names.Component.Admits(name));

    [Fact]
    public void ControlCharactersDoNotReachTheTerminal() =>
        Assert.Contains(@"'a\x1b[31m'", Names.Component.Check("a\u001b[31m")!.ToString(), StringComparison.Ordinal);

    public static TheoryData<string, string> Examples => new()
    {
        { nameof(Names.Release), "2025.1" }, { nameof(Names.Component), "oslo.messaging" },
        { nameof(Names.Group), "core-2" }, { nameof(Names.Ref), "refs/changes/12/345612/3" },
        { nameof(Names.Ref), "stable/2025.1" }, { nameof(Names.AptPackage), "libpython3.12t64" },
        { nameof(Names.PythonDistribution), "oslo.messaging" }, { nameof(Names.Program), "nova-api.x" },
        { nameof(Names.CommandLine), "heat-manage db_sync --x=/y" }, { nameof(Names.PythonModule), "nova.wsgi.x_1" },
        { nameof(Names.AbsolutePath), "/var/lib/nova" }, { nameof(Names.PathInTree), "./keystone/tests" },
        { nameof(Names.Variable), "OS_TEST_PATH" }, { nameof(Names.Capability), "SYS_ADMIN" },
        { nameof(Names.Database), "nova_api" }, { nameof(Names.ReadyAddress), "http://127.0.0.1:5000/v3" },
        { nameof(Names.ReadyAddress), "tcp://127.0.0.1:5000" },
    };

    /// <summary>Every rule is said twice, for this program and for others.</summary>
    [Theory]
    [MemberData(nameof(Examples))]
    public void APatternSaysWhatItsRuleSays(string name, string example)
    {
        var rule = (NameRule)typeof(Names).GetProperty(name)!.GetValue(null)!;
        var pattern = new Regex(rule.Pattern!, RegexOptions.ECMAScript);
        Assert.True(rule.Admits(example));
        Assert.Matches(pattern, example);
        var mutator = new Mutator(name.Length);
        var samples = Enumerable.Range(0, 20_000).Select(_ => mutator.Mutate(example)).Append("")
            .Concat(Enumerable.Range(1, 210).Select(x => new string('a', x)))
            // In .NET the end is also before a last line feed, which no other reader of a schema thinks.
            .Where(x => !x.EndsWith('\n')).ToList();
        Assert.Equal([], samples.Where(x => rule.Admits(x) != pattern.IsMatch(x)).Take(10));
        Assert.Contains(samples, x => rule.Admits(x));
        Assert.Equal(typeof(Names).GetProperties().Length, Examples.Select(x => x[0]).Distinct().Count());
    }
}
