using System.Security.Cryptography;
using System.Text;

namespace OpenStack.Tests.Compat;

public sealed class ParameterTests : IDisposable
{
    readonly SampleRoot root = new();

    public void Dispose() => root.Dispose();

    [Fact]
    public void TheCommandLineGivesValuesOfAllTypes()
    {
        var result = root.Run(
            "Parameters",
            "--TEXT hello --flag --maybe-flag false --count 5 --maybe-count 6 --long 7 --ratio 0.5 --place sub/.. "
            + "-level high --colour GREEN --services a b+c --parts x,y --levels low High --renamed q --hidden h "
            + "--choice one --text=ignored --unknown");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("hello", result.Value("Text"));
        Assert.Equal("True", result.Value("Flag"));
        Assert.Equal("False", result.Value("MaybeFlag"));
        Assert.Equal("5", result.Value("Count"));
        Assert.Equal("6", result.Value("MaybeCount"));
        Assert.Equal("7", result.Value("Long"));
        Assert.Equal("0.5", result.Value("Ratio"));
        Assert.Equal(root.Path, result.Value("Place"));
        Assert.Equal("High", result.Value("Level"));
        Assert.Equal("00ff00", result.Value("Colour"));
        Assert.Equal("a|b+c", result.Value("Services"));
        Assert.Equal("x|y", result.Value("Parts"));
        Assert.Equal("Low|High", result.Value("Levels"));
        Assert.Equal("q", result.Value("Original"));
        Assert.Equal("h", result.Value("Hidden"));
    }

    [Fact]
    public void TheCommandLineBeatsTheEnvironmentAndThatTheFilesTheLastProfileFirst()
    {
        root.Write(".nuke/parameters.json",
            """{ "$schema": "x", "Text": "file", "Count": 2, "Long": 2, "Ratio": 2, "Place": "sub", "Services": ["p", "q"], "count": 9 }""");
        root.Write(".nuke/parameters.one.json", """{ "Count": 3, "Long": 3, "Ratio": 3 }""");
        root.Write(".nuke/parameters.two.json", """{ "Long": 4, "Ratio": 4, "Level": "middle" }""");
        var result = root.Run("Parameters", "--ratio 6 --profile one two", ("NUKE_LONG", "5"), ("RATIO", "5"),
            ("maybe_count", "5"));

        Assert.Equal("file", result.Value("Text"));
        Assert.Equal("3", result.Value("Count"));
        Assert.Equal("5", result.Value("Long"));
        Assert.Equal("6", result.Value("Ratio"));
        Assert.Equal("5", result.Value("MaybeCount"));
        Assert.Equal("Middle", result.Value("Level"));
        Assert.Equal(Path.Combine(root.Path, "sub"), result.Value("Place"));
        Assert.Equal("p|q", result.Value("Services"));
    }

    [Fact]
    public void AnArrayOfTheEnvironmentIsSplitAtItsSeparatorOnly()
    {
        var result = root.Run("Parameters", "", ("SERVICES", "a b"), ("PARTS", "x,y"));

        Assert.Equal("a b", result.Value("Services"));
        Assert.Equal("x|y", result.Value("Parts"));
    }

    [Fact]
    public void ABadValueIsAWarningAndTheDefaultStays()
    {
        var result = root.Run("Parameters", "--count abc --text a b");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["Could not inject value for ParametersBuild.Count",
            "Could not inject value for ParametersBuild.Text"], result.Log("WRN"));
        Assert.Contains("Value 'abc' could not be converted to 'int?'", result.Lines);
        Assert.Contains("Value [ a, b ] cannot be assigned to 'string'", result.Lines);
        Assert.Contains("  [1] = abc", result.Lines);
        Assert.Equal("1", result.Value("Count"));
        Assert.Equal("initial", result.Value("Text"));
    }

    [Fact]
    public void ValuesOfTheEnvironmentThatDisagreeAreNotUsed()
    {
        var result = root.Run("Parameters", "", ("TEXT", "a"), ("text", "b"));

        Assert.Contains("Could not resolve Text since multiple values are provided", result.Log("WRN"));
        Assert.Equal("initial", result.Value("Text"));
    }

    [Fact]
    public void AProfileWithoutAFileIsAnError()
    {
        var result = root.Run("Parameters", "--profile nowhere");

        Assert.Equal(255, result.ExitCode & 255);
        Assert.Contains("Could not inject value for ParametersBuild.Text", result.Log("WRN"));
        Assert.Contains(result.Lines, x => x.StartsWith("Expected file to exist: ", StringComparison.Ordinal));
    }

    [Fact]
    public void SecretsInFilesAreEncrypted()
    {
        root.Write(".nuke/parameters.json", $$"""{ "Password": "{{Encrypt("hush", "key")}}" }""");

        Assert.Equal("hush", root.Run("Parameters", "", ("PARAMS_KEY", "key")).Value("Password"));
        Assert.Contains("System.Exception: Could not decrypt 'Password' with provided password",
            root.Run("Parameters", "", ("PARAMS_KEY", "no")).Lines);
    }

    [Fact]
    public void AnUnknownHostStopsTheProgram()
    {
        var result = root.Run("Parameters", "--host Nowhere");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("TypeInitializationException", result.Output, StringComparison.Ordinal);
    }

    static string Encrypt(string text, string password)
    {
        var key = Rfc2898DeriveBytes.Pbkdf2(password, Convert.FromHexString("4976616e204d65647665646576"), 10_000,
            HashAlgorithmName.SHA256, 48);
        using var aes = Aes.Create();
        aes.Key = key[..32];
        return $"v1:{Convert.ToBase64String(aes.EncryptCbc(Encoding.UTF8.GetBytes(text), key[32..]))}";
    }
}
