using OpenStack.Pipeline.Start;

namespace OpenStack.Tests.Pipeline;

public class ArgumentCheckTests
{
    static readonly ArgumentCheck s_check = new([
        .. KnownParameter.BuiltIn,
        new KnownParameter("Service", ParameterShape.List),
        new KnownParameter("BaseImage", ParameterShape.Single),
        new KnownParameter("NoCache", ParameterShape.Switch),
    ], ["BuildService", "Test", "A", "B", "C"]);

    [Theory]
    [InlineData("BuildService --service keystone nova --base-image x")]
    [InlineData("BuildService Test --no-cache --no-logo")]
    [InlineData("--SERVICE keystone -baseimage x")]
    [InlineData("--no-cache false --skip")]
    [InlineData("--skip A+B build-service --verbosity quiet --host terminal")]
    [InlineData("")]
    public void GoodArgumentsPass(string line) => Assert.Empty(s_check.CheckCommandLine(Split(line)));

    [Theory]
    [InlineData("--servise keystone", "There is no parameter '--servise'. Did you mean '--service'?")]
    [InlineData("--service=keystone",
        "'--service=keystone' is not understood; expected the value as a word of its own: '--service keystone'")]
    [InlineData("--base-image", "--base-image has no value")]
    [InlineData("--service", "--service has no value")]
    [InlineData("--base-image a b",
        "--base-image has 2 values (a b); expected one. Put names of targets before the first parameter")]
    [InlineData("--no-cache maybe", "--no-cache has the value 'maybe'; expected true, false")]
    [InlineData("--verbosity quite",
        "--verbosity has the value 'quite'; expected Verbose, Normal, Minimal, Quiet. Did you mean 'Quiet'?")]
    [InlineData("--service a --service b", "--service is given twice; expected it once; only the last would count")]
    [InlineData("--skip BuildServic", "There is no target 'BuildServic'. Did you mean 'BuildService'?")]
    [InlineData("BuildServic --no-cache", "There is no target 'BuildServic'. Did you mean 'BuildService'?")]
    [InlineData("--no-cache BuildService", "--no-cache has the value 'BuildService'; expected true, false. Put names "
        + "of targets before the first parameter")]
    [InlineData("--host nowhere", "--host has the value 'nowhere'")]
    public void BadArgumentsAreNamed(string line, string expected) =>
        Assert.StartsWith(expected, Assert.Single(s_check.CheckCommandLine(Split(line))).ToString(),
            StringComparison.Ordinal);

    [Fact]
    public void AllMistakesAreReported() =>
        Assert.Equal(3, s_check.CheckCommandLine(["--x", "1", "--service", "--no-cache", "maybe"]).Count);

    [Theory]
    [InlineData("HOST", "box", "The environment variable HOST=box would be taken for --host. Unset it, or, if that is "
        + "meant, name it NUKE_HOST")]
    [InlineData("TARGET", "x", "The environment variable TARGET=x would be taken for --target. Unset it, or, if that "
        + "is meant, name it NUKE_TARGET")]
    [InlineData("no_cache", "1", "The environment variable no_cache=1 would be taken for --no-cache. Unset it, or, if "
        + "that is meant, name it NUKE_NO_CACHE")]
    [InlineData("NUKE_NO_CACHE", "1", "The environment variable NUKE_NO_CACHE has the value '1'; expected true, false")]
    public void StrayVariablesAreNamed(string name, string value, string expected) =>
        Assert.Equal(expected, Assert.Single(s_check.CheckEnvironment([new(name, value)])).ToString());

    [Theory]
    [InlineData("NUKE_HOST", "Terminal")]
    [InlineData("Service", "keystone")]
    [InlineData("NUKE_SERVICE", "keystone nova")]
    [InlineData("HOME", "/root")]
    [InlineData("HOSTNAME", "box")]
    public void MeantVariablesPass(string name, string value) =>
        Assert.Empty(s_check.CheckEnvironment([new(name, value)]));

    [Fact]
    public void ParameterFilesAreChecked()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """{ "$schema": "x", "Servise": ["keystone"], "NoCache": true }""");
        Assert.EndsWith("There is no parameter 'Servise'. Did you mean 'Service'?",
            Assert.Single(s_check.CheckFile(file)).ToString(), StringComparison.Ordinal);
        File.WriteAllText(file, """{ "Service": ["keystone", "https://me:secret@index.example/simple"] }""");
        var problem = Assert.Single(s_check.CheckFile(file));
        Assert.Equal("Service has a url with a password in it", problem.Found);
        Assert.DoesNotContain("me:secret", $"{problem}", StringComparison.Ordinal);
        File.WriteAllText(file, "{");
        Assert.Contains("no JSON", Assert.Single(s_check.CheckFile(file)).ToString(), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public void TheBuildsOwnParametersAreFound()
    {
        var names = KnownParameter.Of(typeof(Build)).Select(x => x.Option).ToList();
        Assert.Contains("--service", names);
        Assert.Contains("--base-image", names);
        Assert.DoesNotContain("--target", names);
    }

    static string[] Split(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
