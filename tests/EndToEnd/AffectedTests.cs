using System.Text.Json.Nodes;

namespace OpenStack.Tests.EndToEnd;

/// <summary>Affected as a command: what it is compared with is there, or that is said.</summary>
public sealed class AffectedTests : IDisposable
{
    readonly RepositoryCopy _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task WhatCannotBeComparedIsAnErrorThatSaysWhy()
    {
        (await _repository.RunAsync("Affected --since main --no-logo"))
            .ShouldFail("is no git repository with a commit: it has no .git. --since names a commit of it");
        var images = _repository.Images;
        Assert.Contains($"{images} of {images}",
            (await _repository.RunAsync("Affected --no-logo")).ShouldSucceed().Output, StringComparison.Ordinal);

        Git("init", "-q");
        (await _repository.RunAsync("Affected --since main --no-logo"))
            .ShouldFail("this clone has no commit, branch or tag 'main'");
        Git("add", "--all");
        Git("commit", "-q", "-m", "Begin");
        (await _repository.RunAsync("Affected --since mastr --no-logo"))
            .ShouldFail("--since: this clone has no commit, branch or tag 'mastr'. Did you mean 'master'?");
        (await _repository.RunAsync($"Affected --since {new string('a', 40)} --no-logo"))
            .ShouldFail($"this clone has no commit, branch or tag '{new string('a', 40)}'", "Fetch it (git fetch)");
        (await _repository.RunAsync("Affected --since HEAD:releases --no-logo"))
            .ShouldFail("'HEAD:releases' is a tree, no commit");
        Assert.Contains($"0 of {images}", (await _repository.RunAsync("Affected --since HEAD --no-logo"))
            .ShouldSucceed().Output, StringComparison.Ordinal);
        // What GitHub says of a branch that is new.
        Assert.Contains($"{images} of {images}",
            (await _repository.RunAsync($"Affected --since {new string('0', 40)} --no-logo")).ShouldSucceed().Output,
            StringComparison.Ordinal);

        var shallow = _repository.Root / "shallow";
        _repository.Edit("images/nova/Dockerfile", "FROM", "# again\nFROM");
        Git("commit", "-q", "-a", "-m", "Nova");
        Git("clone", "-q", "--depth", "1", $"file://{_repository.Root}", shallow);
        Directory.Delete(_repository.Root / ".git", recursive: true);
        Directory.Move(shallow / ".git", _repository.Root / ".git");
        (await _repository.RunAsync("Affected --since HEAD^1 --no-logo"))
            .ShouldFail("'HEAD^1' is not in this clone, whose history is cut off. Run git fetch --unshallow");
    }

    /// <summary>What GitHub checks out of a pull request: its merge into the base. What others merged meanwhile is not
    /// the pull request's.</summary>
    [Fact]
    public async Task OfAMergeTheFirstParentIsTheBase()
    {
        Git("init", "-q");
        Git("add", "--all");
        Git("commit", "-q", "-m", "Begin");
        Git("branch", "old-base");
        Git("switch", "-q", "-c", "proposed");
        _repository.Edit("images/nova/Dockerfile", "FROM", "# again\nFROM");
        Git("commit", "-q", "-a", "-m", "Nova");
        Git("switch", "-q", "master");
        _repository.Edit("images/glance/Dockerfile", "FROM", "# again\nFROM");
        Git("commit", "-q", "-a", "-m", "Glance, by others");
        Git("merge", "-q", "--no-edit", "proposed");
        async Task<string[]> SinceAsync(string revision)
        {
            (await _repository.RunAsync($"Affected --since {revision} --release 2025.1 --no-logo")).ShouldSucceed();
            return [.. JsonNode.Parse(File.ReadAllText(_repository.Root / "artifacts" / "affected.json"))!.AsArray()
                .Select(x => (string)x!["service"]!)];
        }

        Assert.Equal(["nova"], await SinceAsync("HEAD^1"));
        Assert.Equal(["glance", "nova"], await SinceAsync("old-base"));
    }

    void Git(params IReadOnlyList<string> arguments) => RepositoryCopy.Git(_repository.Root, arguments);
}
