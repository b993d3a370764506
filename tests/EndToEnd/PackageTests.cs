using Nuke.Common.IO;
using OpenStack.NativePackages;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Tests.EndToEnd;

/// <summary>Packages of Keystone, on a real engine, installed by the distribution's own tools.</summary>
[Trait("Group", "Long")]
public sealed class PackageTests : IDisposable
{
    const string Selection = "--service keystone --release 2025.1 --profile lab --no-logo "
        + "--package-format deb rpm apk";

    readonly RepositoryCopy _repository = new RepositoryCopy().WithLab();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task APackageIsInstalledSwitchedRemovedAndKeepsTheContractOfItsImage()
    {
        var run = (await _repository.RunAsync($"TestPackage {Selection}")).ShouldSucceed();
        foreach (var check in (string[])["an upgrade of openstack-keystone switches", "a downgrade switches back",
            "the configuration is kept by the removal", "nothing is left but the user",
            "openstack-keystone-api.service starts a program of the environment",
            "POST http://127.0.0.1:5000/v3/auth/tokens gives 201"])
            foreach (var format in (string[])["deb", "rpm"])
                Assert.Contains($"keystone 2025.1, {format}  {check}", run.Output, StringComparison.Ordinal);
        Assert.Contains("keystone 2025.1, apk  openstack-keystone-27.0.0-p0 and openstack-keystone-27.0.0-p1 have no "
            + "file in common", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("FAIL", run.Output, StringComparison.Ordinal);
        await TheSameInputsGiveTheSameBytesAsync();
        await ARepositoryIsAddedToAndAPatchIsAnotherVersionInItAsync();
    }

    /// <summary>Two clones, of which one has no cache to be the same by.</summary>
    async Task TheSameInputsGiveTheSameBytesAsync()
    {
        using var other = new RepositoryCopy().WithLab();
        (await other.RunAsync($"Package {Selection} --no-cache")).ShouldSucceed();
        var (here, there) = (FilesOf(_repository), FilesOf(other));
        // Two packages and both SBOMs of each, in each format.
        Assert.Equal(18, here.Count);
        Assert.Equal(here, there);
    }

    async Task ARepositoryIsAddedToAndAPatchIsAnotherVersionInItAsync()
    {
        var directory = _repository.Root / "served";
        var push = $"PushPackages {Selection} --package-repository {directory}";
        // Provenance names the commit.
        (await _repository.RunAsync(push)).ShouldFail("is no git repository with a commit");
        Assert.False(Directory.Exists(directory));
        RepositoryCopy.Git(_repository.Root, "init", "--quiet");
        RepositoryCopy.Git(_repository.Root, "add", "images");
        RepositoryCopy.Git(_repository.Root, "commit", "--quiet", "--message", "A part of it");
        Assert.Contains("6 packages, 6 attested", (await _repository.RunAsync(push)).ShouldSucceed().Output,
            StringComparison.Ordinal);
        var verify = $"VerifyPackages --profile lab --no-logo --package-repository {directory}";
        var verified = (await _repository.RunAsync(verify)).ShouldSucceed().Output;
        Assert.Contains("6 packages", verified, StringComparison.Ordinal);
        Assert.Contains("12 of 12 verified", verified, StringComparison.Ordinal);
        await AForgedStatementIsRefusedAsync(directory, verify);
        Assert.Contains("nothing, all there, 0 attested", (await _repository.RunAsync(push)).ShouldSucceed().Output,
            StringComparison.Ordinal);
        _repository.Write("patches/keystone/2025.1/0001-data.patch",
            "--- /dev/null\n+++ b/keystone/data/end-to-end.txt\n@@ -0,0 +1 @@\n+patched\n");
        (await _repository.RunAsync(push)).ShouldSucceed();
        string[] packages = ["openstack-keystone", "openstack-keystone", "openstack-keystone-27.0.0-p0",
            "openstack-keystone-27.0.0-p1"];
        var index = directory / "dists/debian-trixie/2025.1/binary-amd64/Packages";
        Assert.Equal(packages, File.ReadLines(index)
            .Where(x => x.StartsWith("Package: ", StringComparison.Ordinal)).Select(x => x["Package: ".Length..]));
        var rpms = Directory.GetFiles(directory / "rpm/debian-trixie/2025.1/packages", "*.rpm",
            SearchOption.AllDirectories);
        Assert.Equal(packages, rpms.Select(x => RpmFile.Read(x).Name).Order(StringComparer.Ordinal));
    }

    /// <summary>One package's statement stands in the place of another's.</summary>
    async Task AForgedStatementIsRefusedAsync(AbsolutePath directory, string verify)
    {
        var statements = Directory.GetFiles(directory / "attestations" / "sha256", "*.provenance.sigstore.json");
        var kept = await File.ReadAllTextAsync(statements[0]);
        File.Copy(statements[1], statements[0], overwrite: true);
        (await _repository.RunAsync(verify)).ShouldFail("is not to be believed");
        await File.WriteAllTextAsync(statements[0], kept);
    }

    [Fact]
    public async Task WhatIsMissingIsToldBeforeAnythingIsAdded()
    {
        (await _repository.RunAsync($"Package {Selection} snap"))
            .ShouldFail("'snap' is no format of packages; expected deb, rpm, apk");
        (await _repository.RunAsync($"PushPackages {Selection} --skip --package-key nosuch.asc"))
            .ShouldFail("there is no such key");
    }

    static SortedDictionary<string, string> FilesOf(RepositoryCopy repository)
    {
        var directory = repository.Service / "packages" / PlatformName.ForFiles(PlatformName.Native);
        var files = ((string[])["deb", "rpm", "apk"]).SelectMany(x => FileTree.Entries(directory / x))
            .Where(x => x.Entry is FileInfo).Select(x => (AbsolutePath)x.Entry.FullName);
        return new SortedDictionary<string, string>(files.ToDictionary(x => x.Name, Digest.OfFile),
            StringComparer.Ordinal);
    }
}
