using System.Runtime.CompilerServices;
using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Constraints;

/// <summary>The real files: all of them, much of them, and broken.</summary>
public class ConstraintScaleTests
{
    [Theory]
    [InlineData("2025.1")]
    [InlineData("2025.2")]
    [InlineData("2026.1")]
    public void UpstreamFileIsReadAndKept(string release)
    {
        var upper = UpperConstraints.Parse(Text(release), release);
        Assert.InRange(upper.Pins.Count(), 400, 800);
        Assert.Equal(Text(release), ConstraintEngine.Apply(upper, [], []).Text);
    }

    [Fact]
    [Trait("Fuzz", "yes")]
    public void BrokenFilesAreReportedAndNothingElseHappens()
    {
        var upper = UpperConstraints.Parse(string.Join('\n', Text("2025.2").Split('\n').TakeLast(40)), "u");
        var text = string.Join('\n', upper.Pins.Take(12).Select(x => x.Text))
            + "\n# why\n-scikit-learn\nlhafile==0.3.1 # reason\n"
            + "foo===1.0rc1;(os_name=='posix' or python_version>='3.9') and extra not in 'x'\r\nsetuptools<81,!=80.*\n";
        var fuzz = new Mutator(seed: 42);
        var refused = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var mutated = fuzz.Mutate(text);
            refused += Refuses(() => ConstraintEngine.Apply(upper, [ConstraintOverrides.Parse(mutated, "o")], ["foo"],
                MarkerEnvironment.Linux("3.12.3")));
            refused += Refuses(() => UpperConstraints.Parse(mutated, "u"));
            refused += Refuses(() => BuildConstraints.Parse(mutated, "b"));
        }

        Assert.InRange(refused, 10_000, 30_000);
    }

    static int Refuses(Func<object> parse)
    {
        try
        {
            parse();
            return 0;
        }
        catch (ProblemException)
        {
            return 1;
        }
    }

    static string Text(string release, [CallerFilePath] string file = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, $"../../releases/{release}/upper-constraints.txt"));
}
