using Nuke.Common.IO;
using OpenStack.NativePackages;
using OpenStack.Processes;
using OpenStack.Signing;
using OpenStack.Tests.Lab;

namespace OpenStack.Tests.NativePackages;

/// <summary>What apk itself says of what we write. Debian has none: not run where there is none.</summary>
public sealed class RealApkTests : IDisposable
{
    const string Version = "opt/openstack/test/1.0-p0";

    readonly TemporaryDirectory _directory = new();
    readonly ApkKey _key;

    public RealApkTests()
    {
        ApkKey.Generate(_directory.Path / "test.rsa");
        _key = ApkKey.Read(_directory.Path / "test.rsa", "");
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Keys);
        File.WriteAllText(Keys / _key.Name, _key.PublicPem());
    }

    AbsolutePath Root => _directory.Path / "root";

    AbsolutePath Keys => _directory.Path / "keys";

    AbsolutePath Place => _directory.Path / "repository" / "apk" / "debian-trixie" / "2025.1";

    public void Dispose()
    {
        _key.Dispose();
        _directory.Dispose();
    }

    [ApkFact]
    public async Task ItVerifiesWhatIsSigned()
    {
        var plain = ApkSample.Write(_directory.Path, "openstack-test", "1.0_p0-r1");
        var signed = _directory.Path / "openstack-test-1.0_p0-r1.apk";
        ApkWriter.WriteSigned(signed, ApkFile.Read(plain), _key);
        Assert.Contains(": OK", (await ApkAsync("verify", signed)).Text, StringComparison.Ordinal);
        Assert.Contains("UNTRUSTED", (await RunAsync("verify", plain)).Output, StringComparison.Ordinal);
        var bytes = await File.ReadAllBytesAsync(signed);
        bytes[^20] ^= 1;
        await File.WriteAllBytesAsync(signed, bytes);
        Assert.False((await RunAsync("verify", signed)).Succeeded);
    }

    /// <summary>
    /// Two versions beside, switched, upgraded, downgraded, removed; configuration that was changed stays.
    /// </summary>
    [ApkFact]
    public async Task ItInstallsWhatIsInARepository()
    {
        await AddAsync("1.0", "1.1");
        await ApkAsync("add", "--initdb", "openstack-test=1.0_p0-r1");
        Assert.Equal("1.0-p0", new FileInfo(Root / "opt/openstack/test/current").LinkTarget);
        Assert.Equal("program of 1.0", await File.ReadAllTextAsync(Root / Version / "bin" / "test"));
        Assert.Equal("/opt/openstack/test/current/bin/test", new FileInfo(Root / "usr/bin/test").LinkTarget);
        Assert.Equal("755", await ModeOfAsync(Root / Version / "bin" / "test"));
        Assert.Equal("640", await ModeOfAsync(Root / "etc/test/test.conf"));
        Assert.Equal("", (await ApkAsync("audit", "--system")).Text.Trim());
        await File.WriteAllTextAsync(Root / "etc/test/test.conf", "changed");

        await ApkAsync("add", "openstack-test-1.1-p0");
        Assert.Equal("1.0-p0", new FileInfo(Root / "opt/openstack/test/current").LinkTarget);
        await ApkAsync("add", "openstack-test=1.1_p0-r1", "openstack-test-1.0-p0");
        Assert.Equal("1.1-p0", new FileInfo(Root / "opt/openstack/test/current").LinkTarget);
        Assert.Equal("program of 1.0", await File.ReadAllTextAsync(Root / Version / "bin" / "test"));
        Assert.Equal("changed", await File.ReadAllTextAsync(Root / "etc/test/test.conf"));
        await ApkAsync("add", "openstack-test=1.0_p0-r1");
        Assert.Equal("1.0-p0", new FileInfo(Root / "opt/openstack/test/current").LinkTarget);
        await ApkAsync("del", "openstack-test-1.1-p0");
        Assert.False(Directory.Exists(Root / "opt/openstack/test/1.1-p0"));
        Assert.Equal("program of 1.0", await File.ReadAllTextAsync(Root / Version / "bin" / "test"));
        await ApkAsync("del", "openstack-test", "openstack-test-1.0-p0");
        Assert.False(Directory.Exists(Root / "opt/openstack"));
        Assert.Equal("changed", await File.ReadAllTextAsync(Root / "etc/test/test.conf"));
    }

    /// <summary>What two packages both have is told, and nothing is overwritten.</summary>
    [ApkFact]
    public async Task ItTellsWhatCollides()
    {
        await new ApkRepository(_directory.Path / "repository").AddAsync("debian-trixie", "2025.1",
            [
                ApkSample.Write(_directory.Path, "openstack-a", "1-r1", tree: ApkSample.Tree("a")),
                ApkSample.Write(_directory.Path, "openstack-b", "1-r1", tree: ApkSample.Tree("b")),
            ], _key);
        await ApkAsync("add", "--initdb", "openstack-a");
        var result = await RunAsync("add", "openstack-b");
        Assert.False(result.Succeeded);
        Assert.Contains("trying to overwrite usr/bin/test owned by openstack-a",
            result.Output + result.Error, StringComparison.Ordinal);
    }

    [ApkFact]
    public async Task ItRefusesAnIndexThatSomebodyHasChanged()
    {
        await AddAsync("1.0");
        var index = Place / ApkSample.Architecture / ApkIndex.FileName;
        var bytes = await File.ReadAllBytesAsync(index);
        bytes[^20] ^= 1;
        await File.WriteAllBytesAsync(index, bytes);
        Assert.False((await RunAsync("add", "--initdb", "openstack-test")).Succeeded);
        Assert.False(Directory.Exists(Root / "opt"));
    }

    async Task AddAsync(params string[] versions) =>
        await new ApkRepository(_directory.Path / "repository").AddAsync("debian-trixie", "2025.1",
            [.. versions.SelectMany(PackagesOf)], _key);

    AbsolutePath[] PackagesOf(string version)
    {
        var name = $"openstack-test-{version}-p0";
        var home = $"opt/openstack/test/{version}-p0";
        ApkEntry[] above =
        [
            ApkSample.DirectoryOf("opt"), ApkSample.DirectoryOf("opt/openstack"),
            ApkSample.DirectoryOf("opt/openstack/test"),
        ];
        return
        [
            ApkSample.Write(_directory.Path, name, $"{version}_p0-r1", version, [.. above, ApkSample.DirectoryOf(home),
                ApkSample.DirectoryOf($"{home}/bin"),
                ApkSample.FileOf($"{home}/bin/test", $"program of {version}", 0x1ed)]),
            ApkSample.Write(_directory.Path, "openstack-test", $"{version}_p0-r1", version,
                [
                    ApkSample.DirectoryOf("etc"), ApkSample.DirectoryOf("etc/test"),
                    ApkSample.FileOf("etc/test/test.conf", $"of {version}", 0x1a0), .. above,
                    ApkSample.LinkOf("opt/openstack/test/current", $"{version}-p0"), ApkSample.DirectoryOf("usr"),
                    ApkSample.DirectoryOf("usr/bin"),
                    ApkSample.LinkOf("usr/bin/test", "/opt/openstack/test/current/bin/test"),
                ], [$"{name}={version}_p0-r1"], "noarch"),
        ];
    }

    static async Task<string> ModeOfAsync(AbsolutePath file) =>
        (await new Command("stat", "--format", "%a", file).RequireAsync()).Text;

    async Task<CommandResult> ApkAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.Succeeded, result.Output + result.Error);
        return result;
    }

    Task<CommandResult> RunAsync(params string[] arguments) => new Command("apk",
        ["--root", Root, "--arch", ApkSample.Architecture, "--keys-dir", Keys, "--repository", Place, "--no-logfile",
            .. arguments, .. arguments[0] is "add" or "del" ? ["--no-scripts"] : Array.Empty<string>()]).RunAsync();
}
