using OpenStack.Processes;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.EndToEnd;

/// <summary>
/// build.sh in a directory of its own, with a <c>dotnet</c> that does what feeds and machines do to it.
/// </summary>
public sealed class BuildScriptTests : IDisposable
{
    /// <summary>Restores what <c>$LACKS</c> does not name, and "compiles" a build that says its arguments.</summary>
    const string DotNet = """
        #!/usr/bin/env bash
        set -eu
        case $1 in
          --version) [ -z "${FAILS:-}" ] || { echo "$FAILS"; exit "${STATUS:-134}"; }; echo 10.0.100 ;;
          restore)
            [ -z "${FEED_IS_DOWN:-}" ] || { echo "$2 : error NU1301: Unable to load the service index"; exit 1; }
            status=0
            for project in "${2%/*}"/*/*.csproj; do
              success=true
              mkdir -p "${project%/*}/obj"
              for package in ${LACKS:-}; do
                ! grep -q "\"${package#*:}\"" "$project" || { success=false; status=1; echo "$project : error ${package%:*}: ${package#*:}"; }
              done
              printf '{\n  "version": 2,\n  "success": %s\n}\n' "$success" >"${project%/*}/obj/project.nuget.cache"
            done
            exit $status ;;
          publish)
            sleep "${TAKES:-0}"
            while [ "$1" != -o ]; do shift; done
            mkdir -p "$2"
            echo "$NukeSource $VerifySource $CycloneDXSource" >"$2/_build.dll" ;;
          *) echo "compiled against $(cat "$1")" ;;
        esac
        """;

    readonly TemporaryDirectory _root = new();

    public BuildScriptTests()
    {
        foreach (var file in (string[])["build.sh", "global.json", "Directory.Build.props", "Directory.Packages.props"])
            File.Copy(RepositoryRoot.Path / file, _root / file);
        Directory.CreateDirectory(_root / "build");
        File.WriteAllText(_root / "build" / "Build.cs", "");
        File.WriteAllText(_root / "dotnet", DotNet);
        new Command("chmod", ["+x", _root / "dotnet"]).RequireAsync().GetAwaiter().GetResult();
    }

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("", "gallery gallery gallery", "Packages: all from the feed.")]
    [InlineData("NU1101:Verify.Xunit", "gallery compat gallery", "what it lacks: Verify.Xunit.")]
    [InlineData("NU1101:CycloneDX.Core NU1102:Nuke.Components", "compat gallery compat",
        "what it lacks: Nuke.Common, Nuke.Components, CycloneDX.Core.")]
    // Another version than the one that is named.
    [InlineData("NU1603:Nuke.Common", "compat gallery gallery", "what it lacks: Nuke.Common, Nuke.Components.")]
    public async Task EachChoiceIsMadeForItself(string lacks, string choices, string says)
    {
        var run = await RunAsync(("LACKS", lacks));
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Equal($"compiled against {choices}", run.Text);

        // It is remembered for the next compilation, which looks no further.
        await File.WriteAllTextAsync(_root / "build" / "Other.cs", "");
        run = await RunAsync(("LACKS", "NU1101:Nuke.Common NU1101:Verify.Xunit NU1101:CycloneDX.Core"));
        Assert.DoesNotContain("Looking", run.Error, StringComparison.Ordinal);
        Assert.Equal($"compiled against {choices}", run.Text);
    }

    [Fact]
    public async Task PackageSourceSaysItForAll()
    {
        await RunAsync(("LACKS", "NU1101:Verify.Xunit"));
        foreach (var source in (string[])["gallery", "compat"])
            Assert.Equal($"compiled against {source} {source} {source}",
                (await RunAsync(("PackageSource", source))).Text);
        Assert.Contains("expected gallery or compat", (await RunAsync(("PackageSource", "both"))).Error,
            StringComparison.Ordinal);
    }

    /// <summary>Nothing is known then, so nothing is remembered.</summary>
    [Fact]
    public async Task AFeedThatDoesNotAnswerIsAskedAgain()
    {
        var run = await RunAsync(("FEED_IS_DOWN", "1"));
        Assert.Contains("the feed gives no answer", run.Error, StringComparison.Ordinal);
        Assert.Equal("compiled against compat compat compat", run.Text);
        File.WriteAllText(_root / "build" / "Other.cs", "");
        Assert.Equal("compiled against gallery gallery gallery", (await RunAsync()).Text);
    }

    [Fact]
    public async Task ADotNetThatFailsSaysWhy()
    {
        var run = await RunAsync(("FAILS", "Couldn't find a valid ICU package installed on the system."));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{_root / "dotnet"} --version fails:\nCouldn't find a valid ICU package", run.Error,
            StringComparison.Ordinal);
        Assert.DoesNotContain("installing", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatTakesLongShowsThatItLives()
    {
        var run = await RunAsync(("TAKES", "5"));
        Assert.Contains("  2 s\n  4 s\n", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("  2 s", (await RunAsync()).Error, StringComparison.Ordinal);
    }

    Task<CommandResult> RunAsync(params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string?>
        {
            ["PackageSource"] = null,
            ["DOTNET_EXE"] = _root / "dotnet",
        };
        foreach (var (name, value) in variables) environment[name] = value;
        return new Command("bash", [_root / "build.sh"]) { Environment = environment }.RunAsync();
    }
}
