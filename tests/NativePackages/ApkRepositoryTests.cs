using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.NativePackages;
using OpenStack.Signing;
using OpenStack.Storage;
using OpenStack.Tests.Lab;

namespace OpenStack.Tests.NativePackages;

/// <summary>A repository of apk, as our own reader finds it; see <see cref="RealApkTests"/>.</summary>
public sealed class ApkRepositoryTests : IDisposable
{
    const string Suite = "debian-trixie";
    const string Component = "2025.1";

    readonly TemporaryDirectory _directory = new();
    ApkKey _key;

    public ApkRepositoryTests() => _key = KeyOf("test.rsa");

    AbsolutePath Repository => _directory.Path / "repository";

    AbsolutePath Place => Repository / "apk" / Suite / Component / ApkSample.Architecture;

    AbsolutePath Index => Place / ApkIndex.FileName;

    public void Dispose()
    {
        _key.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task WhatWasThereStays()
    {
        await AddAsync(Package("openstack-a", "1.0_p0-r1"));
        var first = File.ReadAllBytes(Place / "openstack-a-1.0_p0-r1.apk");
        await AddAsync(Package("openstack-a", "1.1_p0-r1"), Package("openstack-b", "2.0_p0-r1"));
        Assert.Equal(["openstack-a 1.0_p0-r1", "openstack-a 1.1_p0-r1", "openstack-b 2.0_p0-r1"], Available());
        Assert.Equal(first, File.ReadAllBytes(Place / "openstack-a-1.0_p0-r1.apk"));
        Assert.Empty(Check(out var count));
        Assert.Equal(3, count);
        Assert.Equal(_key.PublicPem(), File.ReadAllText(Repository / "apk" / "test.rsa.pub"));
        // The same again: nothing is added, and the index has the same bytes.
        var index = Digest.OfFile(Index);
        Assert.Empty(await AddAsync(Package("openstack-b", "2.0_p0-r1")));
        Assert.Equal(index, Digest.OfFile(Index));
    }

    /// <summary>The index says in letters what the package says in words.</summary>
    [Fact]
    public async Task AnEntryIsWhatThePackageSays()
    {
        var file = ApkSample.Write(_directory.Path, "openstack-a", "1.0_p0-r1", depends: ["so:libc.so.6", "cmd:sh"],
            architecture: "noarch");
        await AddAsync(file, Package("openstack-b", "1.0_p0-r1"));
        var package = ApkFile.Read(Place / "openstack-a-1.0_p0-r1.apk");
        Assert.Equal($"""
            C:{package.Identity}
            P:openstack-a
            V:1.0_p0-r1
            A:x86_64
            S:{new FileInfo(package.File).Length}
            I:1
            T:OpenStack Test service
            U:https://opendev.org/openstack/test
            L:Apache-2.0
            o:openstack-a
            m:Test <test@example.org>
            t:1700000000
            c:{new string('a', 40)}
            D:so:libc.so.6 cmd:sh

            """, ApkIndex.Read(Index, _key.Public).Entries["openstack-a 1.0_p0-r1"]);
    }

    /// <summary>
    /// A run that is killed has left packages, and what it was writing; a client sees what was before.
    /// </summary>
    [Fact]
    public async Task AKilledRunIsGoneOnWith()
    {
        await AddAsync(Package("openstack-a", "1.0_p0-r1"));
        var before = await File.ReadAllBytesAsync(Index);
        await AddAsync(Package("openstack-a", "1.1_p0-r1"));
        await File.WriteAllBytesAsync(Index, before);
        await File.WriteAllBytesAsync($"{Index}.1-{Guid.NewGuid():N}.tmp", before[..20]);
        Assert.Equal(["openstack-a 1.0_p0-r1"], Available());
        Assert.Empty(Check(out _));
        await AddAsync(Package("openstack-a", "1.1_p0-r1"));
        Assert.Equal(["openstack-a 1.0_p0-r1", "openstack-a 1.1_p0-r1"], Available());
    }

    [Fact]
    public async Task TwoThatAddAtOnceBothHaveAdded()
    {
        var packages = Enumerable.Range(0, 6).Select(x => Package($"openstack-{x}", "1_p0-r1")).ToList();
        await AddAsync(packages[0]);
        var adding = Task.WhenAll(packages.Select(x => Task.Run(() => AddAsync(x))));
        do Assert.NotEmpty(Available());
        while (!adding.IsCompleted);
        await adding;
        Assert.Equal(packages.Select((_, i) => $"openstack-{i} 1_p0-r1"), Available());
        Assert.Empty(Check(out _));
    }

    [Fact]
    public async Task OtherContentOfAVersionIsRefusedAndNothingIsAdded()
    {
        await AddAsync(Package("openstack-a", "1.0_p0-r1"));
        var index = Digest.OfFile(Index);
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            AddAsync(Package("openstack-b", "1.0_p0-r1"), Package("openstack-a", "1.0_p0-r1", "other")));
        Assert.Contains("openstack-a 1.0_p0-r1 is in the repository with other content", problem.Message,
            StringComparison.Ordinal);
        Assert.Contains("--package-revision", problem.Message, StringComparison.Ordinal);
        Assert.Equal(index, Digest.OfFile(Index));
        Assert.False(File.Exists(Place / "openstack-b-1.0_p0-r1.apk"));
    }

    /// <summary>What is there stays as it was signed, and is believed by the index, which the new key signs.</summary>
    [Fact]
    public async Task AKeyIsFollowedByAnother()
    {
        await AddAsync(Package("openstack-a", "1.0_p0-r1"));
        _key.Dispose();
        _key = KeyOf("next.rsa");
        await AddAsync(Package("openstack-a", "1.0_p0-r1"), Package("openstack-a", "1.1_p0-r1"));
        Assert.Empty(Check(out var count));
        Assert.Equal(2, count);
        Assert.Equal(["test.rsa.pub"], ApkFile.Read(Place / "openstack-a-1.0_p0-r1.apk").Signatures.Keys);
        Assert.Equal(["next.rsa.pub"], ApkFile.Read(Place / "openstack-a-1.1_p0-r1.apk").Signatures.Keys);
    }

    [Fact]
    public async Task WhatIsTakenOutIsGoneAndTheRestStays()
    {
        await AddAsync(Package("openstack-a-1.0", "1.0_p0-r1"), ApkSample.Write(_directory.Path, "openstack-a",
            "1.0_p0-r1", depends: ["openstack-a-1.0=1.0_p0-r1"]));
        await AddAsync(Package("openstack-a", "1.1_p0-r1"));
        var repository = new ApkRepository(Repository);
        var old = new PackageRetention(0, 0, DateTimeOffset.UtcNow.AddDays(1)).Expired(repository.List());
        Assert.Equal(["openstack-a 1.0_p0-r1", "openstack-a-1.0 1.0_p0-r1"], old.Select(x => $"{x}"));
        await repository.RemoveAsync(old, _key);
        Assert.Equal(["openstack-a 1.1_p0-r1"], Available());
        Assert.Equal([ApkIndex.FileName, "openstack-a-1.1_p0-r1.apk"],
            Directory.GetFiles(Place).Select(x => Path.GetFileName(x)).Order(StringComparer.Ordinal));
        Assert.Empty(Check(out _));
    }

    [Fact]
    public async Task WhatSomebodyHasChangedIsFound()
    {
        await AddAsync(Package("openstack-a", "1.0_p0-r1"), Package("openstack-b", "1.0_p0-r1"));
        using var other = KeyOf("other.rsa");
        Assert.Contains("it is signed with test.rsa.pub; expected by other.rsa.pub",
            Assert.Single(new ApkRepositoryCheck(Repository, other.Public).Check(out _)).ToString(),
            StringComparison.Ordinal);
        Assert.Contains("it is not what was signed", Assert.Single(new ApkRepositoryCheck(Repository,
            new ApkPublicKey(_key.Name, other.PublicPem())).Check(out _)).ToString(), StringComparison.Ordinal);

        var package = Place / "openstack-a-1.0_p0-r1.apk";
        Changed(package, x => [.. x, 0], "bytes; expected");
        Changed(package, x => File.ReadAllBytes(Place / "openstack-b-1.0_p0-r1.apk"), $"as {Index} says");
        Changed(package, x => [.. x[..^20], (byte)(x[^20] ^ 1), .. x[^19..]], "its data are others");
        Changed(Index, x => [.. x[..^20], (byte)(x[^20] ^ 1), .. x[^19..]], $"{Index}: ");
        Changed(Index, x => x[..100], "this is no index of apk");
        File.Delete(package);
        Assert.Contains("there is no such file", Assert.Single(Check(out _)).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test.pem", null, "a key's file cannot be called 'test.pem'")]
    [InlineData("none.rsa", "no key", "this key cannot sign")]
    [InlineData("public.rsa", "public", "this key cannot sign")]
    [InlineData("short.rsa", "short", "the key has 1024 bits")]
    public void AKeyThatCannotSignIsSaidToBe(string name, string? text, string why)
    {
        using var weak = System.Security.Cryptography.RSA.Create(1024);
        File.WriteAllText(_directory.Path / name, text switch
        {
            "public" => _key.PublicPem(),
            "short" => weak.ExportPkcs8PrivateKeyPem(),
            _ => text,
        });
        Assert.Contains(why, Assert.Throws<ProblemException>(() => ApkKey.Read(_directory.Path / name, "")).Message,
            StringComparison.Ordinal);
    }

    ApkKey KeyOf(string name)
    {
        ApkKey.Generate(_directory.Path / name);
        return ApkKey.Read(_directory.Path / name, "");
    }

    AbsolutePath Package(string name, string version, string text = "x") =>
        ApkSample.Write(_directory.Path, name, version, text);

    async Task<IReadOnlyList<ApkFile>> AddAsync(params AbsolutePath[] packages) =>
        await new ApkRepository(Repository).AddAsync(Suite, Component, packages, _key);

    IReadOnlyList<string> Available() => [.. ApkIndex.Read(Index, _key.Public).Entries.Keys];

    IReadOnlyList<Problem> Check(out int count) => new ApkRepositoryCheck(Repository, _key.Public).Check(out count);

    void Changed(AbsolutePath file, Func<byte[], byte[]> change, string expected)
    {
        var before = File.ReadAllBytes(file);
        File.WriteAllBytes(file, change(before));
        Assert.Contains(Check(out _), x => x.ToString().Contains(expected, StringComparison.Ordinal));
        File.WriteAllBytes(file, before);
        Assert.Empty(Check(out _));
    }
}
