using System.Text.Json.Nodes;
using Nuke.Common.IO;

namespace OpenStack.Tests.EndToEnd;

/// <summary>
/// The patches of a repository, a library's among them, against local remotes: nothing is checked out and nothing is
/// built.
/// </summary>
public sealed class CheckPatchesTests : IDisposable
{
    const string Check = "CheckPatches --git-mirror ./upstream --no-logo";

    readonly RepositoryCopy _repository = new();

    public CheckPatchesTests()
    {
        File.AppendAllText(_repository.Root / "releases/2025.1/source-refs.yaml", "oslo.messaging: \"16.1.0\"\n");
        File.Delete(_repository.Root / "releases/2025.1/source-refs.lock.yaml");
        MakeUpstream("keystone", "27.0.2");
        MakeUpstream("oslo.messaging", "16.1.0");
        _repository.Write("patches/keystone/2025.1/0001-data.patch",
            "--- /dev/null\n+++ b/keystone/data/new.txt\n@@ -0,0 +1 @@\n+new\n");
        _repository.Write("patches/oslo.messaging/2025.1/0001-there.patch",
            "Subject: [PATCH] Count\n\n" + Change("code.py", "one", "ONE", "two"));
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task WithoutASelectionAllPatchesAreJudgedAndNothingIsCheckedOut()
    {
        var run = (await _repository.RunAsync(Check)).ShouldSucceed();
        Assert.Contains("keystone        2025.1   0001-data.patch   applies\n",
            run.Output.Replace("\r", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("2 patches: 1 applies, 1 already upstream", run.Output, StringComparison.Ordinal);
        var report = JsonNode.Parse(File.ReadAllText(_repository.Root / "artifacts/patches.json"))!;
        Assert.Equal("upstream", (string?)report["series"]![1]!["patches"]![0]!["state"]);
        Assert.Equal("Count", (string?)report["series"]![1]!["patches"]![0]!["upstream"]!["subject"]);
        Assert.StartsWith("### Patches", File.ReadAllText(_repository.Root / "artifacts/patches.md"));
        Assert.Equal(["patches.json", "patches.md"], Directory.GetFileSystemEntries(_repository.Root / "artifacts")
            .Select(x => Path.GetFileName(x))
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ThePolicyDecidesWhatFails()
    {
        (await _repository.RunAsync($"{Check} --fail-on conflict upstream")).ShouldFail(
            "patches/oslo.messaging/2025.1/0001-there.patch: 2025.1 oslo.messaging: already upstream",
            "Delete the patch");
        _repository.Write("patches/keystone/2025.1/0002-conflict.patch", Change("code.py", "one", "two", "three"));
        (await _repository.RunAsync(Check)).ShouldFail("patches/keystone/2025.1/0002-conflict.patch:3: 2025.1 "
            + "keystone: hunk 1 does not apply to code.py near line 2", "Rebase the patch");
        (await _repository.RunAsync($"{Check} --fail-on none")).ShouldSucceed();
        (await _repository.RunAsync($"{Check} --fail-on none conflict"))
            .ShouldFail("--fail-on has 'none' and other values");
        (await _repository.RunAsync($"{Check} --fail-on conflits")).ShouldFail("--fail-on has the value 'conflits'",
            "Did you mean 'Conflict'?");
    }

    [Fact]
    public async Task ASelectionRestrictsAndAnUnknownNameIsAnError()
    {
        _repository.Write("patches/keystone/2025.1/0002-conflict.patch", Change("code.py", "one", "two", "three"));
        Assert.Contains("no patches", (await _repository.RunAsync($"{Check} --release 2026.1")).ShouldSucceed().Output,
            StringComparison.Ordinal);
        (await _repository.RunAsync($"{Check} --service keystone --release 2025.1")).ShouldFail("0002-conflict.patch");
        (await _repository.RunAsync($"{Check} --service keystne")).ShouldFail("Did you mean 'keystone'?");
    }

    [Fact]
    public async Task ATagThatMovedIsNotTakenForTheOneThatIsRecorded()
    {
        _repository.Write("releases/2025.1/source-refs.lock.yaml",
            $"keystone: {{ tag: \"27.0.2\", commit: \"{new string('a', 40)}\" }}\n");
        (await _repository.RunAsync(Check)).ShouldFail(
            "source-refs.yaml:5:11: keystone: the tag '27.0.2' at https://opendev.org/openstack/keystone is at commit",
            "1 patch: 1 already upstream");
    }

    [Fact]
    public async Task ARefInPlaceOfAnotherIsJudgedAndALocalTreeIsNot()
    {
        Assert.Contains("1 applies, 1 already upstream",
            (await _repository.RunAsync($"{Check} --ref keystone=master")).ShouldSucceed().Output,
            StringComparison.Ordinal);
        (await _repository.RunAsync($"{Check} --source keystone=./upstream/keystone"))
            .ShouldFail("keystone 2025.1: patches are not judged on a local tree. Run the target Patch");
    }

    [Fact]
    public async Task ARemoteThatFailsDoesNotHideTheOthers()
    {
        Directory.Delete(_repository.Root / "upstream/keystone", recursive: true);
        (await _repository.RunAsync(Check)).ShouldFail(
            "releases/2025.1/source-refs.yaml:5:11: keystone: git failed with", "1 patch: 1 already upstream");
    }

    [Fact]
    public async Task PatchesOfLibrariesAreAppliedAndTheirHeadersKept()
    {
        _repository.Write("patches/oslo.messaging/2025.1/0001-there.patch",
            "Subject: [PATCH] CVE-2026-12345: Count on\n\n"
            + "--- a/code.py\n+++ b/code.py\n@@ -1,4 +1,5 @@\n zero\n ONE\n two\n three\n+four\n");
        (await _repository.RunAsync("Patch --service keystone --release 2025.1 --git-mirror ./upstream --no-logo"))
            .ShouldSucceed();
        var source = _repository.Root / "artifacts/2025.1/oslo.messaging/source";
        Assert.EndsWith("four\n", File.ReadAllText(source / "tree/code.py"));
        Assert.Equal("CVE-2026-12345", (string?)JsonNode.Parse(File.ReadAllText(source
            / "sealed.json"))!["patches"]![0]!["header"]!["vulnerabilities"]![0]);
    }

    void MakeUpstream(string component, string tag)
    {
        AbsolutePath directory = _repository.Root / "upstream" / component;
        _repository.Write($"upstream/{component}/setup.cfg", $"[metadata]\nname = {component}\n");
        _repository.Write($"upstream/{component}/code.py", "zero\none\ntwo\nthree\n");
        RepositoryCopy.Git(directory, "init", "--quiet");
        Commit(directory, "Begin");
        _repository.Write($"upstream/{component}/code.py", "zero\nONE\ntwo\nthree\n");
        Commit(directory, "Count");
        RepositoryCopy.Git(directory, "tag", tag);
    }

    static void Commit(AbsolutePath directory, string message)
    {
        RepositoryCopy.Git(directory, "add", "--all");
        RepositoryCopy.Git(directory, "commit", "--quiet", "-m", message);
    }

    static string Change(string file, string old, string @new, string after) =>
        $"--- a/{file}\n+++ b/{file}\n@@ -1,3 +1,3 @@\n zero\n-{old}\n+{@new}\n {after}\n";
}
