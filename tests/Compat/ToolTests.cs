namespace OpenStack.Tests.Compat;

public sealed class ToolTests : IDisposable
{
    readonly SampleRoot root = new();

    public void Dispose() => root.Dispose();

    [Fact]
    public void ToolsAreFoundOnThePathAndLogged()
    {
        var result = root.Run("Tools", "--target Says Redacts");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("std out missing True", result.Lines);
        Assert.Equal(["err"], result.Log("ERR"));
        Assert.Equal(2, result.Log("INF").Count(x => x.StartsWith("> ", StringComparison.Ordinal)));
        Assert.Contains(result.Log("INF"),
            x => x.EndsWith("bash -c \"echo [REDACTED] and more\"", StringComparison.Ordinal));
        Assert.Equal(["[REDACTED] and more", "out"], result.Log("DBG"));
    }

    [Fact]
    public void AFailureNamesTheInvocationAndTheErrors()
    {
        var result = root.Run("Tools", "Fails");

        Assert.Equal(255, result.ExitCode & 255);
        var message = result.Lines.SkipWhile(x => !x.Contains("ProcessException: ", StringComparison.Ordinal))
            .Take(5)
            .ToArray();
        Assert.Equal("Nuke.Common.Tooling.ProcessException: Process 'bash' exited with code 3.", message[0]);
        Assert.EndsWith("bash -c \"echo sorry >&2; exit 3\"", message[1], StringComparison.Ordinal);
        Assert.StartsWith("   @ ", message[2], StringComparison.Ordinal);
        Assert.Equal(["Error output:", "   sorry"], message[3..]);
        Assert.Equal(["Fails Failed // ProcessException: Process 'bash' exited with code 3."], result.Summary);
    }

    [Fact]
    public void TextFilesEndWithOneLineBreak()
    {
        var result = root.Run("Tools", "Files");

        Assert.Equal(
            ["a/c.txt 2 2cd6ee2c70b0bde53fbe6cac3c8b8bb1", "b.txt 4 06ac26ed8b614fc0b141e4542aa067c2"],
            result.From("a/c.txt 2 2cd6ee2c70b0bde53fbe6cac3c8b8bb1", 2));
        Assert.Equal(["path x y\""], result.Log("INF"));
    }
}
