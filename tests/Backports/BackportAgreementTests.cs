using System.Globalization;
using System.Runtime.Versioning;
using Nuke.Common.IO;
using OpenStack.Backports;
using OpenStack.Processes;
using OpenStack.Sources;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Backports;

/// <summary>
/// The patches of a release make the tree and the messages that <c>git cherry-pick -x</c> by hand makes, for histories
/// that are made by the number. As many as <c>OPENSTACK_IMAGES_SERIES</c> says, from the one that
/// <c>OPENSTACK_IMAGES_FIRST_SERIES</c> says.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class BackportAgreementTests : IDisposable
{
    static readonly int s_count = Number("OPENSTACK_IMAGES_SERIES", 16);
    static readonly int s_first = Number("OPENSTACK_IMAGES_FIRST_SERIES", 1);

    readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task EveryReleaseGetsWhatGitPicks()
    {
        var upstream = _temporary / "upstream";
        await new Command("git", "init", "-q", "--bare", "--initial-branch=master", upstream).RequireAsync();
        foreach (var name in (string[])["allowFilter", "allowAnySHA1InWant"])
            await GitAsync(upstream, "config", $"uploadpack.{name}", "true");
        var numbers = Enumerable.Range(s_first, s_count).ToList();
        await (new Command("git", "-C", upstream, "fast-import", "--quiet") with
        {
            InputWriter = async (stream, _) =>
            {
                await using var buffered = new BufferedStream(stream, 1 << 16);
                foreach (var x in numbers) await new PatchedHistory(x).WriteAsync(buffered);
            },
        }).RequireAsync();
        var mirror = new Mirror(_temporary / "mirrors", "keystone", $"file://{upstream}");
        var (wrong, taken) = (new List<string>(), 0);
        foreach (var x in numbers)
        {
            var (here, byHand) = (await TakeAsync(upstream, mirror, x), await PickAsync(upstream, x));
            if (here != byHand)
                wrong.Add($"{x}: Backport makes {here ?? "nothing"}, git cherry-pick {byHand ?? "nothing"}");
            if (here is not null) taken++;
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {s_count}:\n{string.Join('\n', wrong)}");
        // Otherwise this proves nothing.
        if (s_count > 10) Assert.InRange(taken, s_count / 5, s_count - 1);
    }

    /// <summary>Tree and messages of the patches, applied by <c>git am</c>; null where they are not written.</summary>
    async Task<string?> TakeAsync(AbsolutePath upstream, Mirror mirror, int number)
    {
        var commits = (await GitAsync(upstream, "rev-list", "--reverse", $"base/{number}..series/{number}")).Lines;
        var drift = (await GitAsync(upstream, "rev-parse", $"drift/{number}")).Text;
        await mirror.EnsureAsync(drift);
        var series = await ChangeSeries.OfCommitsAsync(mirror, commits);
        var source = new ResolvedRef("keystone", "https://example.org/keystone", "master", RefKind.Branch, drift);
        var outcome = await new ReleaseBackport(mirror, source, new PatchSeries("keystone", "2025.1", []))
            .RunAsync(series, "x");
        if (outcome.Problems.Count > 0) return null;
        var (patches, tree) = (_temporary / $"patches-{number}", _temporary / $"am-{number}");
        Directory.CreateDirectory(patches);
        foreach (var (name, contents) in outcome.Patches) await File.WriteAllBytesAsync(patches / name, contents);
        await CloneAsync(upstream, tree, number);
        if (outcome.Patches.Count > 0)
            await GitAsync(tree,
                ["am", "-q", "--keep-cr", .. outcome.Patches.Select(x => (string)(patches / x.Name))]);
        return await StateAsync(tree, number);
    }

    /// <summary>What a person does, commit by commit; null where one of them conflicts.</summary>
    async Task<string?> PickAsync(AbsolutePath upstream, int number)
    {
        var tree = _temporary / $"hand-{number}";
        await CloneAsync(upstream, tree, number);
        var commits = (await GitAsync(upstream, "rev-list", "--reverse", $"base/{number}..series/{number}")).Lines;
        foreach (var commit in commits)
        {
            if ((await Git(tree, "cherry-pick", "-x", commit).RunAsync()).Succeeded) continue;
            if ((await GitAsync(tree, "ls-files", "--unmerged")).Text.Length > 0) return null;
            await GitAsync(tree, "cherry-pick", "--skip");
        }

        return await StateAsync(tree, number);
    }

    static async Task CloneAsync(AbsolutePath upstream, AbsolutePath tree, int number) =>
        await new Command("git", "clone", "-q", "--shared", "-b", $"drift/{number}", upstream, tree).RequireAsync();

    static async Task<string> StateAsync(AbsolutePath tree, int number) =>
        (await GitAsync(tree, "rev-parse", "HEAD^{tree}")).Text + "\n"
        + (await GitAsync(tree, "log", "--format=%an %ae %ad %B", $"origin/drift/{number}..")).Text;

    static Command Git(AbsolutePath directory, params IReadOnlyList<string> arguments) =>
        new("git", ["-C", directory, "-c", "user.name=T", "-c", "user.email=t@example.org", .. arguments]);

    static Task<CommandResult> GitAsync(AbsolutePath directory, params IReadOnlyList<string> arguments) =>
        Git(directory, arguments).RequireAsync();

    static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number : otherwise;
}
