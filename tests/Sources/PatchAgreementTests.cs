using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.Versioning;
using Nuke.Common.IO;
using OpenStack.Processes;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

/// <summary>
/// CheckPatches = Patch = <c>git am</c>, for series that are made by the number. As many as
/// <c>OPENSTACK_IMAGES_SERIES</c> says, from the one that <c>OPENSTACK_IMAGES_FIRST_SERIES</c> says.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class PatchAgreementTests : IDisposable
{
    static readonly int s_count = Number("OPENSTACK_IMAGES_SERIES", 24);
    static readonly int s_first = Number("OPENSTACK_IMAGES_FIRST_SERIES", 1);

    readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task SeriesAreAppliedAsGitAppliesThem()
    {
        var upstream = _temporary / "upstream";
        await new Command("git", "init", "-q", "--bare", "--initial-branch=master", upstream).RequireAsync();
        await new Command("git", "-C", upstream, "config", "uploadpack.allowFilter", "false").RequireAsync();
        var histories = Enumerable.Range(s_first, s_count).ToDictionary(x => x, x => new PatchedHistory(x));
        await (new Command("git", "-C", upstream, "fast-import", "--quiet") with
        {
            InputWriter = async (stream, _) =>
            {
                await using var buffered = new BufferedStream(stream, 1 << 16);
                foreach (var history in histories.Values) await history.WriteAsync(buffered);
            },
        }).RequireAsync();
        var drift = (
            await new Command("git", "-C", upstream, "for-each-ref", "--format=%(refname:lstrip=3) %(objectname)",
            "refs/heads/drift").RequireAsync())
            .Lines.Select(x => x.Split(' '))
                .ToDictionary(x => int.Parse(x[0], CultureInfo.InvariantCulture), x => x[1]);
        var mirror = new Mirror(_temporary / "mirrors", "keystone", $"file://{upstream}");
        await mirror.EnsureAsync(drift[s_first]);
        var outcomes = new ConcurrentDictionary<int, (string Says, bool Applies)>();
        await Parallel.ForEachAsync(histories,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (x, _) =>
            outcomes[x.Key] = await TryAsync(x.Key, x.Value, upstream, mirror, drift[x.Key]));
        var wrong = outcomes.Where(x => x.Value.Says.Length > 0).OrderBy(x => x.Key)
            .Select(x => $"{x.Key}: {x.Value.Says}").ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {s_count} series:\n{string.Join('\n', wrong.Take(20))}");
        // Otherwise this proves nothing.
        if (s_count > 10) Assert.InRange(outcomes.Values.Count(x => x.Applies), s_count / 5, s_count * 9 / 10);
    }

    /// <returns>How the three differ; empty where they do not.</returns>
    async Task<(string Says, bool Applies)> TryAsync(int number, PatchedHistory history, AbsolutePath upstream,
        Mirror mirror, string commit)
    {
        var (patches, scratch) = (_temporary / $"patches-{number}", _temporary / $"trial-{number}");
        await history.FormatAsync(upstream, patches);
        var am = await AmAsync(upstream, commit, patches, _temporary / $"am-{number}");
        var trial = new PatchTrial(mirror, commit, patches, scratch);
        var verdicts = await trial.CheckAsync();
        var (_, made, problems) = await trial.PatchAsync();
        foreach (var done in (string[])[patches, scratch, _temporary / $"am-{number}"]) Directory.Delete(done,
            recursive: true);
        var applies = verdicts.All(x => x.State is PatchState.Applies or PatchState.Offset);
        var states = string.Join(", ", verdicts.Select(x => $"{x.Title} {x.State} {string.Join("; ", x.Reasons)}"));
        var says = made != am
            ? $"Patch makes {made ?? string.Join("; ", problems.Select(x => x.ToString()))}, git am {am ?? "nothing"}"
            : applies != (am is not null) ? $"CheckPatches says {states}, git am makes {am ?? "nothing"}"
            : "";
        return (says, am is not null);
    }

    /// <summary>The tree that <c>git am</c> makes of the series; null where it stops.</summary>
    static async Task<string?> AmAsync(AbsolutePath upstream, string commit, AbsolutePath patches,
        AbsolutePath directory)
    {
        var git = new Command("git")
        {
            WorkingDirectory = directory,
            Environment = new Dictionary<string, string?>
            {
                ["GIT_CONFIG_GLOBAL"] = "/dev/null",
                ["GIT_CONFIG_NOSYSTEM"] = "1",
                ["GIT_COMMITTER_NAME"] = "C",
                ["GIT_COMMITTER_EMAIL"] = "c@example.org",
            },
        };
        await new Command("git", "clone", "-q", "--shared", "--no-checkout", upstream, directory).RequireAsync();
        await (git with { Arguments = ["checkout", "-q", "--detach", commit] }).RequireAsync();
        var files = Directory.GetFiles(patches).Order(StringComparer.Ordinal);
        if (!(await (git with { Arguments = ["am", "-q", "--keep-cr", "--no-3way", .. files] }).RunAsync()).Succeeded)
            return null;
        return (await (git with { Arguments = ["rev-parse", "HEAD^{tree}"] }).RequireAsync()).Text;
    }

    static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number : otherwise;
}
