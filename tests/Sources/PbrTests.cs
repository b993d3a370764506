using System.Text;
using LibGit2Sharp;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Sources;
using OpenStack.Tests.Python;
using PythonVersion = OpenStack.Sources.PythonVersion;

namespace OpenStack.Tests.Sources;

/// <summary>Generated tags and histories have the versions that PBR gives them.</summary>
[Trait("Group", "Lab")]
public sealed class PbrTests : IDisposable
{
    readonly TemporaryDirectory _temporary = new();
    readonly Random _random = new(1);

    public void Dispose() => _temporary.Dispose();

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
        for (var i = 0; i < 8; i++)
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
            differing.AddRange(cases.Index().Where(x => ours[x.Index] != (string?)answers[x.Index])
                .Select(x => $"history {i}, {x.Item.Commit.Sha}, version to come {x.Item.Pre}: ours {ours[x.Index]}, theirs {answers[x.Index]}"));
        }

        Assert.True(differing.Count == 0, $"{differing.Count} of 160 differ:\n{string.Join('\n', differing)}");
    }

    static string Ours(IRepository repository, Commit commit, string? preVersion)
    {
        try
        {
            return PythonVersion.Of(repository, commit, preVersion);
        }
        catch (ProblemException)
        {
            return "error: ValueError";
        }
    }

    /// <summary>A history with merges, dates that go back, footers and tags in every spelling.</summary>
    async Task MakeHistoryAsync(string directory, int commits)
    {
        await new Command("git", "init", "--quiet", "--initial-branch=main", directory).RequireAsync();
        var stream = new StringBuilder();
        var (now, tags) = (1_400_000_000L, new HashSet<string>());
        for (var mark = 1; mark <= commits; mark++)
        {
            now += _random.Next(-20, 100);
            var message = "Change " + mark
                + (_random.Next(6) == 0 ? "\n\nSem-Ver: "
                + One("feature", "bugfix", "api-break, feature", "deprecation", "other") : "");
            stream.Append($"commit refs/heads/main\nmark :{mark}\ncommitter C <c@example.org> {now} +0000\ndata {message.Length}\n{message}\n");
            if (mark > 1) stream.Append($"from :{(_random.Next(4) == 0 ? _random.Next(Math.Max(1, mark - 6), mark) : mark - 1)}\n");
            if (mark > 3 && _random.Next(5) == 0)
                stream.Append($"merge :{_random.Next(Math.Max(1, mark - 8), mark - 1)}\n");
            stream.Append('\n');
            if (_random.Next(6) == 0 && Tag() is var tag && tags.Add(tag))
                stream.Append($"tag {tag}\nfrom :{mark}\ntagger C <c@example.org> {now} +0000\ndata 1\nx\n");
        }

        await new Command("git", "-C", directory, "fast-import", "--quiet", "--force")
        {
            Input =
            stream.ToString()
        }.RequireAsync();
    }

    string Tag() => One("", "", "", "v", "V") + One("1", "2", "0", "2015", "10") + One("", ".1", ".2", ".10")
        + One("", ".0", ".1", ".3")
        + One("", "", "", "", "b1", "rc2", "a3", ".0b1", ".0rc1", ".b2", ".rc3", ".0.0a1", "-rc1", ".dev4", ".post2",
            ".0b2.dev7", ".3.g83bef74", "-eol", ".0", ".1", "x", ".x1", "c1", ".0.1", "b", ".rc", "rc1.dev2", ".post0",
            "1b1");

    string One(params string[] of) => of[_random.Next(of.Length)];
}
