using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.NativePackages;
using OpenStack.Processes;
using OpenStack.Signing;
using OpenStack.Storage;
using OpenStack.Tests.Lab;

namespace OpenStack.Tests.NativePackages;

/// <summary>A repository as real apt reads it.</summary>
public sealed class AptRepositoryTests : IDisposable
{
    const string Suite = "debian-trixie";
    const string Component = "2025.1";

    static readonly Lazy<string> s_architecture = new(() =>
        new Command("dpkg", "--print-architecture").RequireAsync().GetAwaiter().GetResult().Text.Trim());

    readonly TemporaryDirectory _directory = new();
    readonly OpenPgpKey _key;

    public AptRepositoryTests()
    {
        OpenPgpKey.Generate(_directory.Path / "key.asc", "Test <test@example.org>");
        _key = OpenPgpKey.Read(_directory.Path / "key.asc", "", DateTimeOffset.UtcNow);
    }

    AbsolutePath Repository => _directory.Path / "repository";

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task AptTakesWhatWasAddedAndWhatWasThereBefore()
    {
        await AddAsync(await PackageAsync("openstack-a", "1.0-p0.1"));
        await AddAsync(await PackageAsync("openstack-a", "1.1-p0.1"), await PackageAsync("openstack-b", "2.0-p0.1"));
        Assert.Equal(["openstack-a 1.0-p0.1", "openstack-a 1.1-p0.1", "openstack-b 2.0-p0.1"], await AvailableAsync());
        // The file itself, by its digest.
        await AptAsync(["download", "openstack-a=1.0-p0.1"]);
        Assert.True(File.Exists(_directory.Path / "client" / $"openstack-a_1.0-p0.1_{s_architecture.Value}.deb"));
    }

    /// <summary>
    /// Everything but the last file is as after an addition, and that one as before: what a run leaves that is killed.
    /// </summary>
    [Fact]
    public async Task AClientOfAKilledRunSeesWhatWasBefore()
    {
        await AddAsync(await PackageAsync("openstack-a", "1.0-p0.1"));
        var release = Repository / "dists" / Suite / "InRelease";
        var before = await File.ReadAllBytesAsync(release);
        await AddAsync(await PackageAsync("openstack-a", "1.1-p0.1"));
        var after = await File.ReadAllBytesAsync(release);
        await File.WriteAllBytesAsync(release, before);
        Assert.Equal(["openstack-a 1.0-p0.1"], await AvailableAsync());
        await File.WriteAllBytesAsync(release, after);
        Assert.Equal(["openstack-a 1.0-p0.1", "openstack-a 1.1-p0.1"], await AvailableAsync());
    }

    [Fact]
    public async Task TwoThatAddAtOnceBothHaveAdded()
    {
        var packages = await Task.WhenAll(Enumerable.Range(0, 6).Select(x => PackageAsync($"openstack-{x}", "1-p0.1")));
        await Task.WhenAll(packages.Select(x => Task.Run(() => AddAsync(x))));
        Assert.Equal(packages.Select((_, i) => $"openstack-{i} 1-p0.1"), await AvailableAsync());
    }

    /// <summary>A client that reads all the time never finds half of anything.</summary>
    [Fact]
    public async Task WhoReadsMeanwhileNeverSeesHalf()
    {
        await AddAsync(await PackageAsync("openstack-0", "1-p0.1"));
        var packages = await Task.WhenAll(Enumerable.Range(1, 5).Select(x => PackageAsync($"openstack-{x}", "1-p0.1")));
        var adding = Task.Run(async () =>
        {
            foreach (var package in packages) await AddAsync(package);
        });
        do Assert.NotEmpty(await AvailableAsync());
        while (!adding.IsCompleted);
        await adding;
        Assert.Equal(6, (await AvailableAsync()).Count);
    }

    /// <summary>apt is told of what is left, and that is there.</summary>
    [Fact]
    public async Task WhatIsTakenOutIsGoneAndTheRestStays()
    {
        await AddAsync(await PackageAsync("openstack-a", "1.0-p0.1"), await PackageAsync("openstack-b", "1.0-p0.1"));
        await AddAsync(await PackageAsync("openstack-a", "1.1-p0.1"));
        var repository = new AptRepository(Repository);
        await repository.RemoveAsync([.. repository.List().Where(x => $"{x}" == "openstack-a 1.0-p0.1")], _key);
        Assert.Equal(["openstack-a 1.1-p0.1", "openstack-b 1.0-p0.1"], await AvailableAsync());
        Assert.Empty(Check(_key.PublicKey()));
        Assert.Equal(["openstack-a_1.1-p0.1_any.deb"], Directory.GetFiles(Repository / "pool" / Suite
            / Component / "openstack-a").Select(x => Path.GetFileName(x)));
    }

    /// <summary>One version, built on two distributions, is two packages.</summary>
    [Fact]
    public async Task DistributionsHaveEachTheirOwnPackageOfAVersion()
    {
        var first = await PackageAsync("openstack-a", "1.0-p0.1");
        await AddAsync(first);
        await new AptRepository(Repository).AddAsync("ubuntu-noble", Component,
            [await PackageAsync("openstack-a", "1.0-p0.1", "other")], _key);
        Assert.Equal(["openstack-a 1.0-p0.1"], await AvailableAsync());
        Assert.Empty(Check(_key.PublicKey()));
        var packages = PackageStatements.In(Repository).Select(x => x.Package).ToList();
        Assert.Equal(2, packages.Select(Digest.OfFile).Distinct().Count());
        Assert.Equal(Digest.OfFile(first), Digest.OfFile(Assert.Single(
            PackageStatements.Of(Repository, first, new DebianFormat())).Package));
    }

    [Fact]
    public async Task WhatIsSaidOfAPackageGoesWithIt()
    {
        await AddAsync(await PackageAsync("openstack-a", "1.0-p0.1"), await PackageAsync("openstack-b", "1.0-p0.1"));
        foreach (var stated in PackageStatements.In(Repository).ToList())
            foreach (var type in PackageStatements.Types)
            {
                var name = PackageStatements.NameOf(Digest.OfFile(stated.Package), type);
                await File.WriteAllTextAsync(_directory.Path / $"{name}.sigstore.json", "{}");
                PackageStatements.Publish(_directory.Path, name, Repository);
            }

        Assert.All(PackageStatements.In(Repository), x => Assert.Equal(2, x.Bundles.Count));
        var repository = new AptRepository(Repository);
        await repository.RemoveAsync([.. repository.List().Where(x => x.Name == "openstack-a")], _key);
        PackageStatements.RemoveUnused(Repository);
        Assert.Equal(2, Assert.Single(PackageStatements.In(Repository)).Bundles.Count);
        Assert.Equal(2, Directory.GetFiles(Repository / "attestations" / "sha256").Length);
    }

    [Fact]
    public async Task OtherBytesOfAVersionAreRefusedAndNothingIsAdded()
    {
        await AddAsync(await PackageAsync("openstack-a", "1.0-p0.1"));
        var release = Digest.OfFile(Repository / "dists" / Suite / "InRelease");
        var problem = await Assert.ThrowsAsync<ProblemException>(async () => await AddAsync(
            await PackageAsync("openstack-b", "1.0-p0.1"), await PackageAsync("openstack-a", "1.0-p0.1", "other")));
        Assert.Contains("openstack-a 1.0-p0.1 is in the repository with other bytes", problem.Message,
            StringComparison.Ordinal);
        Assert.Contains("--package-revision", problem.Message, StringComparison.Ordinal);
        Assert.Equal(release, Digest.OfFile(Repository / "dists" / Suite / "InRelease"));
        Assert.Equal(["openstack-a 1.0-p0.1"], await AvailableAsync());
    }

    /// <summary>What clients would find is found: signature, index, package, name.</summary>
    [Fact]
    public async Task WhatSomebodyHasChangedIsFound()
    {
        await AddAsync(await PackageAsync("openstack-a", "1.0-p0.1"), await PackageAsync("openstack-b", "1.0-p0.1"));
        Assert.Empty(Check(_key.PublicKey()));
        OpenPgpKey.Generate(_directory.Path / "other.asc", "Other <other@example.org>");
        var other = OpenPgpKey.Read(_directory.Path / "other.asc", "", DateTimeOffset.UtcNow).PublicKey();
        Assert.Contains("it is signed by another key", Assert.Single(Check(other)), StringComparison.Ordinal);

        var package = Repository / "pool" / Suite / Component / "openstack-a" / "openstack-a_1.0-p0.1_any.deb";
        await ChangedAsync(package, x => [.. x, 0], "bytes, sha256:");
        await ChangedAsync(package, x => File.ReadAllBytes($"{package}".Replace("openstack-a", "openstack-b",
            StringComparison.Ordinal)), "bytes, sha256:");
        var release = Repository / "dists" / Suite / "InRelease";
        await ChangedAsync(release, x => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(x)
            .Replace("Label: openstack", "Label: somebody", StringComparison.Ordinal)), "it is not what was signed");
        await ChangedAsync(release, x => x[..100], "it is not signed");
        var index = Directory.GetFiles(Repository / "dists" / Suite / Component / $"binary-{s_architecture.Value}"
            / "by-hash" / "SHA256").Order(StringComparer.Ordinal).First();
        await ChangedAsync(index, x => [], "it has 0 bytes");
        Assert.Empty(Check(_key.PublicKey()));
    }

    /// <summary>One file is another one for a moment.</summary>
    async Task ChangedAsync(AbsolutePath file, Func<byte[], byte[]> change, string expected)
    {
        var before = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, change(before));
        Assert.Contains(expected, Assert.Single(Check(_key.PublicKey())), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(file, before);
    }

    List<string> Check(byte[] certificate) =>
        [.. new AptRepositoryCheck(Repository, OpenPgpCertificate.Read(certificate, "certificate"))
            .Check(DateTimeOffset.UtcNow, out _).Select(x => x.ToString())];

    [Fact]
    public async Task WhatAnotherKeyHasSignedIsRefusedByApt()
    {
        await AddAsync(await PackageAsync("openstack-a", "1.0-p0.1"));
        OpenPgpKey.Generate(_directory.Path / "other.asc", "Other <other@example.org>");
        var other = OpenPgpKey.Read(_directory.Path / "other.asc", "", DateTimeOffset.UtcNow);
        await File.WriteAllBytesAsync(Repository / AptRepository.KeyFile, other.PublicKey());
        Assert.False((await UpdateAsync()).Succeeded);
    }

    [Fact]
    public void AnExpiredKeyIsToldWithItsTime()
    {
        var gpg = Gpg();
        gpg(["--batch", "--passphrase", "secret", "--quick-gen-key", "test@example.org", "rsa2048", "sign",
            "2030-01-01"]);
        var file = _directory.Write("gpg.asc", gpg(["--batch", "--pinentry-mode", "loopback", "--passphrase", "secret",
            "--armor", "--export-secret-keys"]));
        var key = OpenPgpKey.Read(file, "secret", DateTimeOffset.UtcNow);
        Assert.NotEmpty(key.Sign([1]));
        var expired = Assert.Throws<ProblemException>(() =>
            OpenPgpKey.Read(file, "secret", new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Contains("the key has expired on 2030-01-01", expired.Message, StringComparison.Ordinal);
        var wrong = Assert.Throws<ProblemException>(() => OpenPgpKey.Read(file, "other", DateTimeOffset.UtcNow));
        Assert.Contains("its passphrase is another one", wrong.Message, StringComparison.Ordinal);
        var none = Assert.Throws<ProblemException>(() =>
            OpenPgpKey.Read(_directory.Write("none.asc", "nothing"), "", DateTimeOffset.UtcNow));
        Assert.Contains("this is no key", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoPackageIsTold()
    {
        var file = _directory.Write("a.deb", "!<arch>\nnothing");
        Assert.Contains("this is no package of this build",
            Assert.Throws<ProblemException>(() => DebFile.Read(file)).Message, StringComparison.Ordinal);
    }

    Func<string[], string> Gpg()
    {
        var home = _directory.Path / "gpg";
        Directory.CreateDirectory(home);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(home, UnixFileMode.UserRead | UnixFileMode.UserWrite
            | UnixFileMode.UserExecute);
        return arguments => new Command("gpg", ["--homedir", home, .. arguments]).RequireAsync().GetAwaiter()
            .GetResult().Output;
    }

    async Task AddAsync(params AbsolutePath[] packages) => await new AptRepository(Repository)
        .AddAsync(Suite, Component, packages, _key);

    async Task<AbsolutePath> PackageAsync(string name, string version, string content = "content")
    {
        var tree = _directory.Path / $"{name}-{version}-{content}";
        Directory.CreateDirectory(tree / "DEBIAN");
        await File.WriteAllTextAsync(tree / "DEBIAN" / "control",
            $"Package: {name}\nVersion: {version}\nArchitecture: {s_architecture.Value}\n"
            + $"Maintainer: Nobody <nobody@example.org>\nDescription: test\n {content}\n");
        Directory.CreateDirectory(_directory.Path / content);
        var file = _directory.Path / content / $"{name}_{version}_any.deb";
        await new Command("dpkg-deb", "--root-owner-group", "--no-uniform-compression", "-Zxz", "--build", tree, file)
            .RequireAsync();
        return file;
    }

    async Task<IReadOnlyList<string>> AvailableAsync()
    {
        (await UpdateAsync()).RequireSuccess();
        var madison = await AptCacheAsync(["madison", .. Enumerable.Range(0, 6).Select(x => $"openstack-{x}"),
            "openstack-a", "openstack-b"]);
        return [.. madison.Lines.Select(x => string.Join(' ', x.Split('|', StringSplitOptions.TrimEntries).Take(2)))
            .Distinct().Order(StringComparer.Ordinal)];
    }

    Task<CommandResult> UpdateAsync() => RunAsync("apt-get", ["update", "--error-on=any"]);

    async Task AptAsync(string[] arguments) => (await RunAsync("apt-get", arguments)).RequireSuccess();

    Task<CommandResult> AptCacheAsync(string[] arguments) => RunAsync("apt-cache", arguments);

    Task<CommandResult> RunAsync(string program, string[] arguments)
    {
        var client = _directory.Path / "client";
        Directory.CreateDirectory(client / "lists" / "partial");
        File.WriteAllText(client / "status", "");
        File.WriteAllText(client / "sources.list",
            $"deb [signed-by={Repository / AptRepository.KeyFile}] file:{Repository} {Suite} {Component}\n");
        return new Command(program, ["-q", "-o", $"Dir::Etc::SourceList={client / "sources.list"}",
            "-o", "Dir::Etc::SourceParts=/dev/null", "-o", $"Dir::State::Lists={client / "lists"}",
            "-o", $"Dir::State::Status={client / "status"}", "-o", $"Dir::Cache={client}",
            "-o", "APT::Sandbox::User=root", .. arguments])
        {
            WorkingDirectory = client,
        }.RunAsync();
    }
}
