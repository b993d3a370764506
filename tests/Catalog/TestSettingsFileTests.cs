using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Catalog;

/// <summary><c>tests.yaml</c> says how upstream's tests run, and every mistake in it has its line.</summary>
public sealed class TestSettingsFileTests
{
    [Fact]
    public void ItSaysHowTestsRun()
    {
        var (settings, problems) = Parse("""
            runner: pytest
            paths: [horizon/test, ./openstack_dashboard]
            requirements: [test-requirements.txt, requirements/more.txt]
            leave-out: [bandit]
            extras: [ldap]
            packages: [pytest-django]
            writes-to-tree: true
            needs: [mariadb]
            environment:
              DJANGO_SETTINGS_MODULE: openstack_dashboard.test.settings
            exclude:
              - tests: 'test_clock$'
                reason: It asks the network for the time
                bug: https://bugs.launchpad.net/horizon/+bug/1
                until: 2027-04-01
                releases: ["2025.1"]
              - tests: 'test_locale'
                reason: The image has no locales
                until: 2027-05-01
            """);
        Assert.Empty(problems);
        Assert.Equal(TestRunner.Pytest, settings.Runner);
        Assert.Equal(["horizon/test", "./openstack_dashboard"], settings.Paths);
        Assert.Equal(["test-requirements.txt", "requirements/more.txt"], settings.Requirements);
        Assert.Equal("openstack_dashboard.test.settings", settings.Environment["DJANGO_SETTINGS_MODULE"]);
        Assert.Equal(["test_clock$", "test_locale"], settings.ExcludedIn("2025.1").Select(x => x.Tests));
        Assert.Equal(["test_locale"], settings.ExcludedIn("2026.1").Select(x => x.Tests));
        Assert.Equal(new DateOnly(2027, 4, 1), settings.Excluded[0].Until);
        Assert.Equal(12, settings.Excluded[0].At.Line);
        Assert.Equal(["mariadb"], settings.Needs);
        Assert.True(settings.WritesToTree);
    }

    [Fact]
    public void AFileThatIsNotThereMeansWhatMostProjectsDo()
    {
        var settings = new TestSettings();
        Assert.Equal(TestRunner.Stestr, settings.Runner);
        Assert.Equal(["test-requirements.txt"], settings.Requirements);
        Assert.Empty(settings.Needs);
        Assert.False(settings.WritesToTree);
    }

    [Theory]
    [InlineData("writes-to-tree: sometimes", "there is 'sometimes'; expected true or false")]
    [InlineData("writes-to-tree: [true]", "there is a list; expected true or false")]
    [InlineData("needs: mariadb", "there is text")]
    [InlineData("runner: nose", "'nose' runs no tests here")]
    [InlineData("runer: stestr", "'runer' is not known here")]
    [InlineData("paths: [../elsewhere]", "'../elsewhere'")]
    [InlineData("paths: [/etc]", "'/etc'")]
    [InlineData("environment: {lower: x}", "'lower'")]
    [InlineData("environment: [A]", "there is a list")]
    [InlineData("exclude: test_x", "there is text")]
    [InlineData("exclude: [{tests: x}]", "it does not say reason, until")]
    [InlineData("exclude: [{tests: '(', reason: x, until: 2027-01-01}]", "'(' is no regular expression")]
    [InlineData("exclude: [{tests: x, reason: x, until: soon}]", "'soon' is no date")]
    [InlineData("exclude: [{tests: x, reason: x, until: 2027-02-30}]", "'2027-02-30' is no date")]
    [InlineData("exclude: [{tests: x, reason: x, until: 2027-01-01, because: x}]", "'because' is not known here")]
    public void MistakesAreTold(string text, string expected)
    {
        var problem = Assert.Single(Parse(text).Problems);
        Assert.Contains(expected, $"{problem}", StringComparison.Ordinal);
        Assert.Equal(("images/x/tests.yaml", 1), (problem.File, problem.Line));
    }

    static (TestSettings Settings, List<Problem> Problems) Parse(string text)
    {
        var problems = new List<Problem>();
        return (new TestSettingsFile("images/x/tests.yaml", problems).Parse(text), problems);
    }
}
