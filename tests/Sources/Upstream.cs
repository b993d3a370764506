using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Tests.Sources;

/// <summary>A real repository to play the remote. Commits are a minute apart, from a fixed date.</summary>
public sealed class Upstream
{
    readonly AbsolutePath _directory;
    long _now = 1_700_000_000;

    public Upstream(AbsolutePath directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);
        Git("init", "--quiet", "--initial-branch=master");
        Git("config", "uploadpack.allowFilter", "true");
        Git("config", "uploadpack.allowAnySHA1InWant", "true");
    }

    public AbsolutePath GitDirectory => _directory / ".git";

    public string Url => $"file://{_directory}";

    public string Git(params string[] arguments) => new Command("git", arguments)
    {
        WorkingDirectory = _directory,
        Environment = new Dictionary<string, string?>
        {
            ["GIT_CONFIG_GLOBAL"] = "/dev/null",
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_AUTHOR_NAME"] = "A",
            ["GIT_AUTHOR_EMAIL"] = "a@example.org",
            ["GIT_AUTHOR_DATE"] = $"{_now} +0000",
            ["GIT_COMMITTER_NAME"] = "C",
            ["GIT_COMMITTER_EMAIL"] = "c@example.org",
            ["GIT_COMMITTER_DATE"] = $"{_now} +0000",
        },
    }.RequireAsync().GetAwaiter().GetResult().Text;

    /// <summary>Commits everything, with the given files written first.</summary>
    /// <returns>The commit's id.</returns>
    public string Commit(string message = "x", params (string Name, string Text)[] files)
    {
        _now += 60;
        foreach (var (name, text) in files)
        {
            Directory.CreateDirectory((_directory / name).Parent!);
            File.WriteAllText(_directory / name, text);
        }

        Git("add", "--all");
        Git("commit", "--quiet", "--allow-empty", "-m", message);
        return Git("rev-parse", "HEAD");
    }

    public void Tag(string name) => Git("tag", "-a", "-m", name, name);

}
