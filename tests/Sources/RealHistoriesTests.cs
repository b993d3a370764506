using LibGit2Sharp;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Sources;
using OpenStack.Tests.Python;
using PythonVersion = OpenStack.Sources.PythonVersion;

namespace OpenStack.Tests.Sources;

/// <summary>
/// Random commits of real repositories have the versions that PBR gives them. <c>OPENSTACK_IMAGES_HISTORIES</c> names a
/// directory of git directories or clones; what lies in them stays as it is. <c>OPENSTACK_IMAGES_COMMITS</c> is how
/// many commits of each (40), <c>FUZZ_SEED</c> which ones.
/// </summary>
[Trait("Group", "Lab")]
public sealed class RealHistoriesTests : IDisposable
{
    const string Histories = "OPENSTACK_IMAGES_HISTORIES";

    static readonly int s_count =
        int.TryParse(Environment.GetEnvironmentVariable("OPENSTACK_IMAGES_COMMITS"), out var count) ? count : 40;

    readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [HistoriesFact]
    public async Task CommitsHaveTheirVersions()
    {
        var (differing, compared) = (new List<string>(), 0);
        foreach (var history in Directory.GetDirectories(Environment.GetEnvironmentVariable(Histories)!)
            .Order(StringComparer.Ordinal))
        {
            var directory = await BorrowAsync(history);
            using var repository = new Repository(directory);
            var commits = await CommitsAsync(directory);
            var setups = commits.Select(x => (Commit: x, Metadata: MetadataAt(repository, x))).ToList();
            var ours = setups.Select(x => Ours(repository, repository.Lookup<Commit>(x.Commit), x.Metadata)).ToList();
            var answers = await Oracle.AskAsync(setups.Select(x => new
            {
                kind = "git_setup",
                directory = directory.ToString(),
                commit = x.Commit,
            }));
            compared += commits.Count;
            differing.AddRange(setups.Index().Where(x => ours[x.Index] != (string?)answers[x.Index]).Select(x =>
                $"{Path.GetFileName(history)}, {x.Item.Commit}: ours {ours[x.Index]}, theirs {answers[x.Index]}"));
        }

        Assert.True(differing.Count == 0,
            $"{differing.Count} of {compared} differ:\n{string.Join('\n', differing)}");
        Assert.True(compared > 0, "There is no commit to compare");
    }

    /// <summary>Another repository with the same objects and refs, of which HEAD may be moved.</summary>
    async Task<AbsolutePath> BorrowAsync(string history)
    {
        var directory = _temporary / Path.GetFileName(history);
        await new Command("git", "clone", "--quiet", "--mirror", "--shared", history, directory).RequireAsync();
        return directory;
    }

    static async Task<IReadOnlyList<string>> CommitsAsync(AbsolutePath directory)
    {
        var all = (await new Command("git", "-C", directory, "rev-list", "--all").RequireAsync()).Lines
            .Where(x => x.Length > 0).Order(StringComparer.Ordinal).ToArray();
        FuzzSeed.At(1).Shuffle(all);
        return all[..Math.Min(s_count, all.Length)];
    }

    /// <summary>What the tree says of itself; null before there was a setup.cfg with a name.</summary>
    ProjectMetadata? MetadataAt(Repository repository, string commit)
    {
        var tree = repository.Lookup<Commit>(commit).Tree;
        var directory = _temporary / "setup" / commit;
        Directory.CreateDirectory(directory);
        foreach (var name in (string[])["setup.cfg", "setup.py", "pyproject.toml"])
        {
            if (tree[name]?.Target is Blob blob) File.WriteAllText(directory / name, blob.GetContentText());
        }

        try
        {
            return ProjectMetadata.Read(directory);
        }
        catch (ProblemException)
        {
            return null;
        }
    }

    static string Ours(IRepository repository, Commit commit, ProjectMetadata? metadata)
    {
        try
        {
            return PythonVersion.Of(repository, commit, metadata?.PreVersion);
        }
        catch (ProblemException)
        {
            return "error: ValueError";
        }
    }

    sealed class HistoriesFactAttribute : FactAttribute
    {
        public HistoriesFactAttribute() => Skip =
            Environment.GetEnvironmentVariable(Histories) is null or []
                ? $"{Histories} names no directory of repositories"
            : new PythonModuleFactAttribute("pbr.packaging", "python3-pbr").Skip;
    }
}
