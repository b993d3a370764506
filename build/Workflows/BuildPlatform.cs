using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Workflows;

/// <summary>A platform that images are published for.</summary>
/// <param name="Platform">Operating system and architecture, <c>linux/arm64</c>.</param>
/// <param name="Runner">Label of the runner that builds it natively.</param>
public sealed record BuildPlatform(string Platform, string Runner)
{
    /// <summary>As part of a file's or an artifact's name: <c>linux-arm64</c>.</summary>
    public string Name => PlatformName.ForFiles(Platform);
}

/// <summary>The platforms that are published: <c>build/Workflows/platforms.yaml</c>.</summary>
[DescribedFile("The platforms that are published, and the runner that builds each", Place = Place)]
public sealed class BuildPlatforms : YamlReader
{
    /// <summary>Where they are, relative to the repository.</summary>
    public const string Place = "build/Workflows/platforms.yaml";

    static readonly NameRule s_platform = new("platform", "linux/amd64, linux/arm64 or the like", PlatformName.Is)
    {
        Pattern = "^linux/[a-z0-9]+(/v[0-9]+)?$",
    };

    public static YamlShape Shape { get; } = YamlShape.Map(s_platform, YamlShape.AnyText, least: 1);

    BuildPlatforms(List<Problem> problems)
        : base(Place, problems)
    {
    }

    /// <param name="root">The repository.</param>
    /// <returns>At least one; the first is the one that pull requests build.</returns>
    /// <exception cref="ProblemException">All mistakes of the file.</exception>
    public static IReadOnlyList<BuildPlatform> Read(Nuke.Common.IO.AbsolutePath root) =>
        Parse(Utf8File.Read(root / Place, Place));

    /// <summary>
    /// Those of this run: a pull request builds for the first one alone, as its images are looked at and not published.
    /// </summary>
    public static IReadOnlyList<BuildPlatform> OfRun(Nuke.Common.IO.AbsolutePath root) =>
        [.. Read(root)
            .Take(Environment.GetEnvironmentVariable("GITHUB_EVENT_NAME") == "pull_request" ? 1 : int.MaxValue)];

    /// <inheritdoc cref="Read"/>
    internal static IReadOnlyList<BuildPlatform> Parse(string text)
    {
        var problems = new List<Problem>();
        var reader = new BuildPlatforms(problems);
        var platforms = new List<BuildPlatform>();
        foreach (var (key, value) in reader.Entries(reader.ReadRoot(text), "platform to runner"))
        {
            if (!s_platform.Admits(key.Value))
                reader.Report(key, $"'{key.Value}' is no platform", s_platform.Expected);
            else if (value is not YamlScalar { IsText: true } runner)
                reader.Report(value, $"there is {value.Kind}", "the label of a runner, such as ubuntu-24.04");
            else platforms.Add(new BuildPlatform(key.Value, runner.Value));
        }

        if (platforms.Count == 0 && problems.Count == 0)
            problems.Add(new Problem("there are no platforms", Place,
                Expected: "lines such as linux/amd64: ubuntu-24.04"));
        ProblemException.ThrowIfAny(problems);
        return platforms;
    }
}
