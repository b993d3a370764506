using Nuke.Common.IO;
using OpenStack.Lab;
using OpenStack.Tests.Signing.Verification;

namespace OpenStack.Tests.EndToEnd;

/// <summary>
/// A fix that upstream has made, in Keystone itself: one command takes it, builds, publishes and verifies the image,
/// and then the registry knows which images have it.
/// </summary>
[Trait("Group", "Lab")]
public sealed class FixTests : IDisposable
{
    const string Id = "I5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";
    const string Cve = "CVE-2031-12345";

    readonly RepositoryCopy _repository = new RepositoryCopy().WithLab();
    readonly AbsolutePath _mirror = Directory.CreateTempSubdirectory("upstream-").FullName;

    public void Dispose()
    {
        _repository.Dispose();
        Directory.Delete(_mirror, recursive: true);
    }

    [Fact]
    public async Task AFixUpstreamIsTakenPublishedVerifiedAndFound()
    {
        var fix = MakeUpstream();
        _repository.Commit();
        var registry = $"--registry {SignedImages.Registry}/f{Guid.NewGuid():N}";
        var keystone = $"--service keystone --release 2025.1 --profile lab --no-logo {registry} --git-mirror {_mirror}";
        (await _repository.RunAsync($"Push {keystone}")).ShouldSucceed();

        RepositoryCopy.Git(_repository.Root, "config", "user.name", "Test");
        RepositoryCopy.Git(_repository.Root, "config", "user.email", "test@example.org");

        var run = (await _repository.RunAsync(
            $"Backport TestImage Push Verify --commit-patches --from {Id} {keystone}")).ShouldSucceed();

        Assert.Contains("1 release: 1 with new patches", run.Output, StringComparison.Ordinal);
        var patch = Assert.Single(Directory.GetFiles(_repository.Root / "patches/keystone/2025.1"));
        Assert.Contains($"(cherry picked from commit {fix})", File.ReadAllText(patch), StringComparison.Ordinal);
        Assert.Equal("keystone: Mend it", RepositoryCopy.Git(_repository.Root, "log", "-1", "--format=%s").Text);
        Assert.Contains($"Fixes {Cve}", File.ReadAllText(_repository.Root
            / "artifacts/2025.1/keystone/notes/release-notes.md"), StringComparison.Ordinal);
        var who = (await _repository.RunAsync($"WhoHas --cve {Cve} --service keystone --profile lab --no-logo "
            + $"{registry} --git-mirror {_mirror} --fail-when unknown")).ShouldSucceed();
        Assert.Contains("1 have it, 1 lack it", who.Output, StringComparison.Ordinal);
    }

    /// <summary>The laboratory has a commit of each version; development went on from there, with a fix.</summary>
    string MakeUpstream()
    {
        var lab = new LabLayout(RepositoryRoot.Path / ".nuke" / "temp" / "lab");
        var work = _mirror / "work";
        RepositoryCopy.Git(_mirror, "clone", "--quiet", lab.Repository("keystone"), work);
        RepositoryCopy.Git(work, "checkout", "--quiet", "-B", "master", "27.0.0");
        var file = work / "keystone/version.py";
        File.AppendAllText(file, "\n\ndef later():\n    return 'later'\n");
        RepositoryCopy.Git(work, "commit", "--quiet", "--all", "-m", "Later");
        File.WriteAllText(file, "# Mended.\n" + File.ReadAllText(file));
        RepositoryCopy.Git(work, "commit", "--quiet", "--all", "-m", $"Mend it\n\n{Cve} says why.\n\nChange-Id: {Id}");
        var mirror = _mirror / "keystone";
        RepositoryCopy.Git(_mirror, "clone", "--quiet", "--bare", work, mirror);
        RepositoryCopy.Git(mirror, "config", "uploadpack.allowFilter", "true");
        RepositoryCopy.Git(mirror, "config", "uploadpack.allowAnySHA1InWant", "true");
        return RepositoryCopy.Git(work, "rev-parse", "HEAD").Text;
    }
}
