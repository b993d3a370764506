using OpenStack.Sources;
using OpenStack.Storage;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.EndToEnd;

/// <summary>Any ref, from anywhere: what is recorded of it, and what an image would call itself.</summary>
public sealed class RefTests : IDisposable
{
    const string Checkout = "Checkout --service keystone --release 2025.1 --git-mirror ./upstream --no-logo";
    const string Refs = "releases/2025.1/source-refs.yaml";
    const string Lock = "releases/2025.1/source-refs.lock.yaml";

    readonly RepositoryCopy _repository = new();
    readonly Upstream _keystone;
    readonly string _tagged;

    public RefTests()
    {
        _keystone = new Upstream(_repository.Root / "upstream" / "keystone");
        _tagged = _keystone.Commit("x", ("setup.cfg", "[metadata]\nname = keystone\n"));
        _keystone.Tag("27.0.2");
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task TagIsRecordedAndAnErrorWhenItMoves()
    {
        (await _repository.RunAsync(Checkout + " --locked"))
            .ShouldFail($"{Lock}: keystone 27.0.2 is at {_tagged}. Run ./build.sh ResolveRefs without --locked");
        (await _repository.RunAsync(Checkout)).ShouldSucceed();
        Assert.Contains($"keystone: {{ tag: \"27.0.2\", commit: \"{_tagged}\" }}", Text(Lock),
            StringComparison.Ordinal);
        (await _repository.RunAsync(Checkout + " --locked")).ShouldSucceed();

        var moved = _keystone.Commit();
        _keystone.Git("tag", "--force", "-a", "-m", "x", "27.0.2");
        // Nobody asks the remote, and what is checked out is what is recorded.
        (await _repository.RunAsync(Checkout)).ShouldSucceed();
        ForgetAll();
        (await _repository.RunAsync(Checkout)).ShouldFail(
            $"{Refs}:5:11: keystone: the tag '27.0.2' at https://opendev.org/openstack/keystone is at commit {moved}, "
            + $"but was at {_tagged} when it was recorded ({Lock}:4)",
            $"to accept it, delete line 4 of {Lock}");
        File.WriteAllLines(_repository.Root / Lock, File.ReadLines(_repository.Root / Lock).Take(2));
        Assert.Equal(moved, (await CheckOutAsync(Checkout)).Source.Commit);
    }

    [Fact]
    public async Task LockIsKeptWhereTheParameterSays()
    {
        (await _repository.RunAsync(Checkout + " --ref-locks ./locks")).ShouldSucceed();
        Assert.Contains(_tagged, Text("locks/2025.1/source-refs.lock.yaml"), StringComparison.Ordinal);
        Assert.False(File.Exists(_repository.Root / Lock));
    }

    [Fact]
    public async Task RefsFromTheCommandLineAreForThatRunOnly()
    {
        _keystone.Commit();
        var messaging = new Upstream(_repository.Root / "upstream" / "oslo.messaging");
        messaging.Commit("x", ("setup.cfg", "[metadata]\nname = oslo.messaging\n"));
        messaging.Tag("14.9.0");
        Assert.Equal("27.0.3.dev1",
            (await CheckOutAsync(Checkout + " --ref keystone=master oslo.messaging=14.9.0")).Version);
        Assert.Equal("14.9.0", SourceTree.Read(_repository.Root / "artifacts" / "2025.1" / "oslo.messaging" / "checkout"
            / "source.json").Version);
        Assert.False(File.Exists(_repository.Root / Lock));
        Assert.Equal("27.0.2", (await CheckOutAsync(Checkout)).Version);
        (await _repository.RunAsync(Checkout + " --ref keyston=master nova=master"))
            .ShouldFail("Did you mean 'keystone'?", "'nova' is not among the selected images");
    }

    /// <summary>The branch is gone; what is recorded of the series says where it is now: nothing is edited.</summary>
    [Fact]
    public async Task ABranchOfAnUnmaintainedReleaseIsTakenAsWhatItIsCalledNow()
    {
        _repository.Edit(Refs, "keystone: \"27.0.2\"", "keystone: \"stable/2025.1\"");
        _keystone.Commit();
        _keystone.Git("branch", "unmaintained/2025.1");
        _repository.Write("releases/2025.1/series.yaml", "name: epoxy\nstatus: maintained\nnext-phase:\n"
            + "  status: unmaintained\n  date: 2926-10-02\n");
        (await _repository.RunAsync(Checkout)).ShouldFail("there is no branch or tag 'stable/2025.1'",
            "its branch is now 'unmaintained/2025.1'");
        _repository.Edit("releases/2025.1/series.yaml", "2926", "2006");
        const string note = "'stable/2025.1' is gone, as 2025.1 (Epoxy) is unmaintained since 2006-10-02 by plan: "
            + "'unmaintained/2025.1' takes its place";
        var run = (await _repository.RunAsync(Checkout)).ShouldSucceed();
        Assert.Contains(note, run.Output, StringComparison.Ordinal);
        Assert.Contains("keystone 2025.1: unmaintained/2025.1 is branch", run.Output, StringComparison.Ordinal);
        Assert.Equal("27.0.3.dev1", (await CheckOutAsync(Checkout)).Version);
        Assert.False(File.Exists(_repository.Root / Lock));
        // And as the tag where it ended, which nobody has written, so that nobody is to be warned when it moves.
        _keystone.Git("tag", "2025.1-eol", "unmaintained/2025.1");
        _keystone.Git("branch", "-D", "unmaintained/2025.1");
        Assert.Equal(("2025.1-eol", RefKind.Tag), (await CheckOutAsync(Checkout)).Source is var x ? (x.Ref, x.Kind)
            : default);
        Assert.False(File.Exists(_repository.Root / Lock));
    }

    [Fact]
    public async Task LocalTreeStandsInAsItIs()
    {
        var mine = new Upstream(_repository.Root / "mine");
        mine.Commit("x", ("setup.cfg", "[metadata]\nname = keystone\n"));
        mine.Tag("28.0.0");
        File.WriteAllText(_repository.Root / "mine" / "new.py", "one");
        _repository.Write("patches/keystone/2025.1/0001-new.patch",
            "--- a/new.py\n+++ b/new.py\n@@ -1 +1 @@\n-one\n\\ No newline at end of file\n+two\n");
        var command = Checkout.Replace("Checkout", "Patch", StringComparison.Ordinal) + " --source keystone=./mine";
        Assert.Equal("28.0.0+dirty", (await CheckOutAsync(command)).Version);
        Assert.Equal("two\n", File.ReadAllText(_repository.Service / "source" / "tree" / "new.py"));
        Assert.DoesNotContain(
            FileTree.Entries(_repository.Service).Where(x => x.Entry is FileInfo { Extension: ".json" }),
            x => File.ReadAllText(x.Entry.FullName).Contains("mine", StringComparison.Ordinal));

        var made = Directory.GetCreationTimeUtc(_repository.Service / "source");
        await CheckOutAsync(command);
        Assert.Equal(made, Directory.GetCreationTimeUtc(_repository.Service / "source"));
        File.WriteAllText(_repository.Root / "mine" / "more.py", "");
        await CheckOutAsync(command);
        Assert.True(File.Exists(_repository.Service / "source" / "tree" / "more.py"));
        // What the user's git ignores is no change.
        _repository.Write("ignored", "*.py\n");
        (await _repository.RunAsync(Checkout + " --source keystone=./mine", ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", "core.excludesFile"),
            ("GIT_CONFIG_VALUE_0", _repository.Root / "ignored"))).ShouldSucceed();
        Assert.Equal("28.0.0", SourceTree.Read(_repository.Service / "checkout" / "source.json").Version);
        Assert.Equal("27.0.2", (await CheckOutAsync(Checkout)).Version);
    }

    [Fact]
    public async Task OneComponentMayComeFromAFork()
    {
        var fork = new Upstream(_repository.Root / "fork");
        var commit = fork.Commit("x", ("setup.cfg", "[metadata]\nname = keystone\n"));
        fork.Tag("27.0.2");
        _repository.Edit(Refs, "\"27.0.2\"", $"{{ ref: \"27.0.2\", url: \"{fork.Url}\" }}");
        _keystone.Tag("28.0.2");
        (await _repository.RunAsync(Checkout.Replace("2025.1", "2025.1 2025.2", StringComparison.Ordinal)))
            .ShouldSucceed();
        var source = SourceTree.Read(_repository.Service / "checkout" / "source.json").Source;
        Assert.Equal((fork.Url, commit), (source.Remote, source.Commit));
        Assert.Equal(_tagged, SourceTree.Read(_repository.Root / "artifacts" / "2025.2" / "keystone" / "checkout"
            / "source.json").Source.Commit);
    }

    [Fact]
    public async Task CommitThatIsNotThereIsNamedWithItsPlace()
    {
        _repository.Edit(Refs, "\"27.0.2\"", $"\"{new string('1', 40)}\"");
        (await _repository.RunAsync(Checkout)).ShouldFail(
            $"{Refs}:5:11: keystone: https://opendev.org/openstack/keystone has no commit 1111", "Check the SHA");
    }

    [Fact]
    public async Task TagThatComesLaterMakesAnotherVersionOfTheSameCommit()
    {
        _repository.Edit(Refs, "\"27.0.2\"", "master");
        _keystone.Commit();
        Assert.Equal("27.0.3.dev1", (await CheckOutAsync(Checkout)).Version);
        _keystone.Tag("27.0.3");
        Assert.Equal("27.0.3", (await CheckOutAsync(Checkout)).Version);
    }

    async Task<SourceTree> CheckOutAsync(string command)
    {
        (await _repository.RunAsync(command)).ShouldSucceed();
        return SourceTree.Read(_repository.Service / "checkout" / "source.json");
    }

    void ForgetAll()
    {
        _repository.Forget();
        _repository.ForgetMirrors();
    }

    string Text(string path) => File.ReadAllText(_repository.Root / path);
}
