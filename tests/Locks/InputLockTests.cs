using OpenStack.Diagnostics;
using OpenStack.Locks;
using OpenStack.Tests.Catalog;

namespace OpenStack.Tests.Locks;

public sealed class InputLockTests : IDisposable
{
    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task EveryInputIsALineAndReadBack()
    {
        var text = SmallLock.Keystone.ToText();
        Assert.Equal(text, InputLock.Parse(text, "f").ToText());
        await Verifier.Verify(text);
    }

    /// <summary>Whatever order the inputs were found in, and whoever merged lines.</summary>
    [Fact]
    public void TheOrderOfTheInputsDoesNotMatter()
    {
        var reversed = SmallLock.Keystone with { Inputs = [.. SmallLock.Keystone.Inputs.Reverse()] };
        Assert.Equal(SmallLock.Keystone.ToText(), reversed.ToText());
        Assert.Equal(SmallLock.Keystone.ToText(),
            InputLock.Parse(reversed.ToText().Replace("\n", "\r\n", StringComparison.Ordinal), "f").ToText());
    }

    /// <summary>All of it at once, each with its place.</summary>
    [Fact]
    public async Task WhatIsNotUnderstoodIsNotLeftOut()
    {
        var digest = $"sha256:{new string('a', 64)}";
        var problems = Assert.Throws<ProblemException>(() => InputLock.Parse(string.Join('\n',
            "for keystone 2025.1 linux/amd64 debian-trixie",
            "<<<<<<< HEAD",
            $"whel six 1.17.0 {digest} 11050 https://files.example/six.whl",
            $"wheel six 1.17.0 {digest[..^1]} 11050 https://files.example/six.whl",
            $"wheel six 1.17.0 {digest} 11,050 https://files.example/six.whl",
            $"wheel six 1.17.0 {digest} 11050 /etc/passwd",
            $"wheel six 1.17.0 {digest} 11050 wheelhouse/..%2f..%2fetc%2fpasswd",
            $"wheel six 1.17.0 {digest} 11050 https://files.example/six.whl and more",
            $"deb libpq5 17.6-0 {digest} 226412 http://archive.example/pool/libpq5.deb",
            $"wheel  six 1.17.0 {digest} 11050 https://files.example/six.whl",
            $"wheel six 1.17.0 {digest} 11050 https://files.example/six.whl",
            $"sdist six 1.16.0 {digest} 11050 https://files.example/six.tar.gz",
            "unlocked six",
            "git keystone 27.0.2 1234 https://opendev.org/openstack/keystone",
            "for nova 2025.1 linux/amd64 debian-trixie",
            "wheel"), "releases/2025.1/locks/keystone.linux-amd64.lock")).Problems;
        await Verifier.Verify(string.Concat(problems.Select(x => $"{x}\n")));
    }

    [Fact]
    public void ALockOfSomethingElseIsNone()
    {
        var releases = _repository.Root / "releases";
        var of = SmallLock.Keystone.Subject;
        var file = of.FileBelow(releases);
        Assert.Equal(releases / "2025.1/locks/keystone.linux-amd64.lock", file);
        Assert.Contains("there is no lock of keystone 2025.1 linux/amd64. Run the target Lock",
            Assert.Throws<ProblemException>(() => InputLock.Read(file, "f", of)).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(file.Parent!);
        File.WriteAllText(file, SmallLock.Keystone.ToText());
        Assert.Equal(SmallLock.Keystone.ToText(), InputLock.Read(file, "f", of).ToText());
        foreach (var other in new[]
        {
            of with { Platform = "linux/arm64" }, of with { Distro = "ubuntu-noble" }, of with { Image = "nova" },
        })
            Assert.Contains("the lock is of keystone 2025.1 linux/amd64 debian-trixie; expected ",
                Assert.Throws<ProblemException>(() => InputLock.Read(file, "f", other)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void LocksOfReleasesAndOfTheirBasesAreFound()
    {
        var releases = _repository.Root / "releases";
        var pythonBase = new LockSubject("python-base", null, "linux/arm64", "debian-trixie");
        Assert.Empty(LockSubject.FilesBelow(releases));
        foreach (var subject in new[] { pythonBase, SmallLock.Keystone.Subject })
        {
            Directory.CreateDirectory(subject.FileBelow(releases).Parent!);
            File.WriteAllText(subject.FileBelow(releases), "");
        }

        File.WriteAllText(releases / "locks/README", "");
        Assert.Equal([releases / "2025.1/locks/keystone.linux-amd64.lock",
            releases / "locks/python-base.linux-arm64.lock"], LockSubject.FilesBelow(releases));
        // And the catalog knows that they are no release.
        Assert.Equal(["2025.1"], _repository.Load().Releases.Keys);
    }
}
