using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Tests.EndToEnd;

/// <summary>From a ref to constraints, on a real repository: no engine and no network takes part.</summary>
public sealed class SourceStagesTests : IDisposable
{
    const string Constrain = "Constrain --service keystone --release 2025.1 --git-mirror ./upstream --no-logo";

    readonly RepositoryCopy _repository = new();
    readonly AbsolutePath _upstream;

    public SourceStagesTests()
    {
        _upstream = _repository.Root / "upstream" / "keystone";
        Directory.CreateDirectory(_upstream / "keystone");
        RepositoryCopy.Git(_upstream, "init", "--quiet");
        File.WriteAllText(_upstream / "setup.cfg", "[metadata]\nname = keystone\n");
        File.WriteAllText(_upstream / "requirements.txt", "six\n");
        File.WriteAllText(_upstream / "keystone" / "__init__.py", "one = 1\ntwo = 2\nthree = 3\n");
        Commit();
        RepositoryCopy.Git(_upstream, "tag", "27.0.2");
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task KilledAtAnyMomentAndRunAgainTheResultIsTheSame()
    {
        (await _repository.RunAsync(Constrain)).ShouldSucceed();
        var expected = Results();
        foreach (var milliseconds in (int[])[150, 250, 350, 450])
        {
            _repository.Forget();
            await _repository.KillAsync(Constrain, TimeSpan.FromMilliseconds(milliseconds));
        }

        (await _repository.RunAsync(Constrain)).ShouldSucceed();
        Assert.Equal(expected, Results());
        Assert.DoesNotContain(FileTree.Entries(_repository.Service),
            x => x.Name.Contains(".making", StringComparison.Ordinal)
                || x.Name.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TwoAtOnceGiveOneResult()
    {
        // Configuration of git that a caller sets the same way as we do counts as well.
        var runs = await Task.WhenAll(_repository.RunAsync(Constrain),
            _repository.RunAsync(Constrain, ("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "safe.directory"),
                ("GIT_CONFIG_VALUE_0", "*")));
        Assert.All(runs, x => x.ShouldSucceed());
        var expected = Results();
        _repository.Forget();
        (await _repository.RunAsync(Constrain)).ShouldSucceed();
        Assert.Equal(expected, Results());
    }

    [Fact]
    public async Task ARefThatIsNotThereAndAPatchThatConflictsAreNamedWithTheirPlace()
    {
        _repository.Write("patches/keystone/2025.1/0001-fix.patch", "--- a/keystone/__init__.py\n"
            + "+++ b/keystone/__init__.py\n@@ -1,3 +1,3 @@\n one = 1\n-no such = 2\n+two = 3\n three = 3\n");
        (await _repository.RunAsync(Constrain)).ShouldFail(
            "patches/keystone/2025.1/0001-fix.patch:3: 2025.1 keystone: hunk 1 does not apply to keystone/__init__.py",
            "Rebase the patch");
        _repository.Edit("releases/2025.1/source-refs.yaml", "\"27.0.2\"", "\"27.0.3\"");
        (await _repository.RunAsync(Constrain)).ShouldFail(
            "releases/2025.1/source-refs.yaml:5:11: keystone: there is no branch or tag '27.0.3'", "27.0.2");
    }

    [Fact]
    public async Task ABranchThatMovedIsFollowedAndATagNeedsNoRemote()
    {
        (await _repository.RunAsync(Constrain)).ShouldSucceed();
        _repository.Edit("releases/2025.1/source-refs.yaml", "\"27.0.2\"", "master");
        File.AppendAllText(_upstream / "keystone" / "__init__.py", "four = 4\n");
        Commit();
        Assert.Contains("27.0.3.dev1", (await _repository.RunAsync(Constrain)).ShouldSucceed().Output,
            StringComparison.Ordinal);
        Directory.Move(_upstream.Parent!, _repository.Root / "gone");
        (await _repository.RunAsync(Constrain))
            .ShouldFail("source-refs.yaml:5:11: keystone: git failed with https://opendev.org/openstack/keystone");
        _repository.Edit("releases/2025.1/source-refs.yaml", "master", "\"27.0.2\"");
        _repository.Forget();
        (await _repository.RunAsync(Constrain)).ShouldSucceed();
    }

    [Fact]
    public async Task TagsAreOfTheCommitThatBuilds()
    {
        const string Tags =
            "Tags --service keystone --release 2025.1 --git-mirror ./upstream --registry GHCR.io/C5C3 --no-logo";
        (await _repository.RunAsync(Tags)).ShouldFail("is no git repository with a commit");
        _repository.Write(".gitignore", "/artifacts/\n/.nuke/\n/upstream/\n");
        RepositoryCopy.Git(_repository.Root, "init", "--quiet", "--initial-branch=main");
        RepositoryCopy.Git(_repository.Root, "add", "--all");
        RepositoryCopy.Git(_repository.Root, "commit", "--quiet", "-m", "Catalog");
        var commit = RepositoryCopy.Git(_repository.Root, "rev-parse", "HEAD").Text[..7];
        var upstream = RepositoryCopy.Git(_upstream, "rev-parse", "HEAD").Text[..7];
        Assert.Equal($"ghcr.io/c5c3/keystone 27.0.2-p0-main-{commit} 2025.1-{commit} *27.0.2 *{upstream} *2025.1",
            await TagsOfAsync(Tags));
        Assert.Equal($"ghcr.io/c5c3/keystone 27.0.2-p0-fix-x-{commit} 2025.1-{commit}",
            await TagsOfAsync($"{Tags} --build-branch fix/x"));
        _repository.Edit("releases/2025.1/source-refs.yaml", "\"27.0.2\"", "master");
        Assert.Equal($"ghcr.io/c5c3/keystone *27.0.2-p0-main-{commit}-dirty", await TagsOfAsync(Tags));
        RepositoryCopy.Git(_repository.Root, "commit", "--quiet", "--all", "-m", "Branch");
        Assert.EndsWith($" *27.0.2 *master *{upstream} *2025.1", await TagsOfAsync(Tags), StringComparison.Ordinal);
    }

    /// <summary>Repository and tags, those that move with a star.</summary>
    async Task<string> TagsOfAsync(string command)
    {
        (await _repository.RunAsync(command)).ShouldSucceed();
        var json = JsonNode.Parse(await File.ReadAllTextAsync(_repository.Service / "tags.json"))!;
        return $"{json["repository"]} "
            + $"{string.Join(' ', json["tags"]!.AsArray().Select(x => ((bool)x!["mutable"]! ? "*" : "") + x["name"]))}";
    }

    void Commit()
    {
        RepositoryCopy.Git(_upstream, "add", "--all");
        RepositoryCopy.Git(_upstream, "commit", "--quiet", "-m", "Change");
    }

    string Results() =>
        Digest.OfDirectory(_repository.Service / "source") + Digest.OfDirectory(_repository.Service / "constraints")
            + File.ReadAllText(_repository.Service / "constraints.inputs.json");
}
