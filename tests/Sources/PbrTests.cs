using System.Text;
using System.Text.Json.Nodes;
using LibGit2Sharp;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Sources;
using OpenStack.Tests.Python;
using PythonVersion = OpenStack.Sources.PythonVersion;

namespace OpenStack.Tests.Sources;

/// <summary>
/// Generated tags and histories have the versions that PBR gives them: eight histories, or as many as
/// <c>OPENSTACK_IMAGES_GRAPHS</c> says.
/// </summary>
[Trait("Group", "Lab")]
public sealed class PbrTests : IDisposable
{
    static readonly int s_histories =
        int.TryParse(Environment.GetEnvironmentVariable("OPENSTACK_IMAGES_GRAPHS"), out var count) ? count : 8;

    const string Refused = "error: ValueError";

    readonly TemporaryDirectory _temporary = new();
    readonly Random _random = FuzzSeed.At(1);

    public void Dispose() => _temporary.Dispose();

    /// <summary>Names of the footer, its place and what it says, as people write them.</summary>
    static readonly string[] s_footers =
    [
        .. from name in (string[])["Sem-Ver:", "sem-ver:", "SEM-VER:", " Sem-Ver:", "\tSem-Ver:", "Sem-Ver :"]
           from value in (string[])[" feature", "feature", " Feature", " bugfix", " api-break, feature", " deprecation",
                " other", "", " feature bugfix", " api-break ", " ,feature,"]
           select name + value,
    ];

    [PythonModuleFact("pbr.packaging", "python3-pbr")]
    public async Task TagsAreRead()
    {
        var texts = Enumerable.Range(0, 5_000).Select(_ => Tag()).Distinct().ToList();
        var answers = await Oracle.AskAsync(texts.Select(x => new { kind = "semantic", text = x }));
        var differing = texts.Zip(answers)
            .Where(x => SemanticVersion.TryParse(x.First)?.ToString() != (string?)x.Second)
            .Select(x => $"{x.First}: ours {SemanticVersion.TryParse(x.First)}, theirs {x.Second}").ToList();
        Assert.True(differing.Count == 0,
            $"{differing.Count} of {texts.Count} differ:\n{string.Join('\n', differing.Take(20))}");
    }

    [PythonModuleFact("pbr.packaging", "python3-pbr")]
    public async Task CommitsHaveTheirVersions()
    {
        var differing = new List<string>();
        for (var i = 0; i < s_histories; i++)
        {
            var directory = _temporary / $"{i}";
            await MakeHistoryAsync(directory, commits: 60);
            using var repository = new Repository(directory);
            var all = (await new Command("git", "-C", directory, "rev-list", "--all").RequireAsync()).Lines;
            var commits = all.Order(StringComparer.Ordinal).Take(20).Select(x => repository.Lookup<Commit>(x)!)
                .ToList();
            var cases = commits.Select(x =>
                (Commit: x, Pre: _random.Next(3) == 0 ? One("3.0.0", "2015.1", "2.0.0") : null)).ToList();
            var ours = cases.Select(x => Ours(repository, x.Commit, x.Pre)).ToList();
            var answers = await Oracle.AskAsync(cases.Select(x =>
                new { kind = "git", directory = directory.ToString(), commit = x.Commit.Sha, pre = x.Pre }));
            differing.AddRange(cases.Index().Where(x => ours[x.Index] != (string?)answers[x.Index]
                && !(IsRefused(answers[x.Index]) && IsTagged(repository, x.Item.Commit)))
                .Select(x => $"history {i}, {x.Item.Commit.Sha}, version to come {x.Item.Pre}: ours {ours[x.Index]}, "
                    + $"theirs {answers[x.Index]}"));
        }

        Assert.True(differing.Count == 0,
            $"{differing.Count} of {s_histories * 20} differ:\n{string.Join('\n', differing)}");
    }

    /// <summary>
    /// PBR refuses a tagged commit of which <c>git describe</c> names another than its highest tag, or whose tag is
    /// beyond the version to come. What is tagged has a version all the same, and a build is told which.
    /// </summary>
    static bool IsRefused(JsonNode? answer) => (string?)answer == Refused;

    static bool IsTagged(Repository repository, Commit commit) =>
        repository.Tags.Any(x => x.PeeledTarget.Sha == commit.Sha);

    static string Ours(IRepository repository, Commit commit, string? preVersion)
    {
        try
        {
            return PythonVersion.Of(repository, commit, preVersion);
        }
        catch (ProblemException)
        {
            return Refused;
        }
    }

    /// <summary>
    /// A history with merges, some of more than two, roots of their own, dates that go back or stay, footers, branches,
    /// and tags of both kinds in every spelling, some of tags.
    /// </summary>
    async Task MakeHistoryAsync(string directory, int commits)
    {
        await new Command("git", "init", "--quiet", "--initial-branch=main", directory).RequireAsync();
        var stream = new StringBuilder();
        var (now, tags) = (1_400_000_000L, new HashSet<string>());
        for (var mark = 1; mark <= commits; mark++)
        {
            now += One(0, _random.Next(-20, 100));
            var message = "Change " + mark + (_random.Next(6) == 0 ? "\n\n" + One(s_footers) : "") + One("", "\n");
            var isRoot = mark == 1 || _random.Next(40) == 0;
            var branch = isRoot ? $"root-{mark}" : One("main", "main", "stable/1.0", "feature");
            stream.Append($"commit refs/heads/{branch}\nmark :{mark}\n")
                .Append($"author A <a@example.org> {now - _random.Next(1000)} +0000\n")
                .Append($"committer C <c@example.org> {now} +0{_random.Next(10)}00\n")
                .Append($"data {message.Length}\n{message}\n");
            if (!isRoot)
                stream.Append(
                    $"from :{(_random.Next(4) == 0 ? _random.Next(Math.Max(1, mark - 6), mark) : mark - 1)}\n");
            var others = !isRoot && _random.Next(5) == 0 ? _random.Next(1, 4) : 0;
            foreach (var other in Enumerable.Range(Math.Max(1, mark - 8), 7).Where(x => x < mark - 1)
                .OrderBy(_ => _random.Next()).Take(others)) stream.Append($"merge :{other}\n");
            stream.Append('\n');
            for (var i = _random.Next(7); i < 2; i++)
            {
                if (Tag() is var tag && !tags.Add(tag)) continue;
                stream.Append(_random.Next(3) == 0 ? $"reset refs/tags/{tag}\nfrom :{mark}\n\n"
                    : $"tag {tag}\nfrom :{mark}\ntagger C <c@example.org> {now} +0000\ndata 1\nx\n");
            }
        }

        await new Command("git", "-C", directory, "fast-import", "--quiet", "--force") { Input = stream.ToString() }
            .RequireAsync();
        foreach (var tag in tags.Take(3).ToList())
        {
            if (Tag() is var other && tags.Add(other))
                await new Command("git", "-C", directory, "-c", "user.name=C", "-c", "user.email=c@example.org", "tag",
                    "--annotate", "--message=x", other, tag).RequireAsync();
        }
    }

    string Tag() =>
        One("", "", "", "v", "V", "release/") + One("1", "2", "0", "2015", "10") + One("", ".1", ".2", ".10")
            + One("", ".0", ".1", ".3")
            + One("", "", "", "", "b1", "rc2", "a3", ".0b1", ".0rc1", ".b2", ".rc3", ".0.0a1",
                "-rc1", ".dev4", ".post2",
                ".0b2.dev7", ".3.g83bef74", "-eol", ".0", ".1", "x", ".x1", "c1", ".0.1", "b", ".rc",
                "rc1.dev2", ".post0", "1b1", "-eom", "-last");

    T One<T>(params T[] of) => of[_random.Next(of.Length)];
}
