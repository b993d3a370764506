using OpenStack.Locks;
using OpenStack.Processes;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Locks;

/// <summary>What apt checks an archive with: gpgv, and sqv since Debian 13.</summary>
public sealed class RunKeyTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task AptWouldTrustWhatItSignedAndNothingElse()
    {
        var key = RunKey.Create(DateTimeOffset.UtcNow.AddDays(-1));
        // Whichever is made first, and however long before the other.
        var early = key.Sign("Suite: locked\n"u8.ToArray());
        await Task.Delay(TimeSpan.FromSeconds(1.1));
        await WriteAsync("Release", "Suite: locked\n"u8.ToArray());
        await WriteAsync("Release.gpg", early);
        await WriteAsync("key.gpg", key.PublicKey());
        var checks = Verifiers().Where(x => File.Exists(x.Program)).ToList();
        Assert.NotEmpty(checks);
        foreach (var check in checks)
        {
            var result = await check.RunAsync();
            Assert.True(result.Succeeded, result.Error);
        }

        await WriteAsync("Release", "Suite: Locked\n"u8.ToArray());
        foreach (var check in checks) Assert.False((await check.RunAsync()).Succeeded);
        await WriteAsync("Release", "Suite: locked\n"u8.ToArray());
        await WriteAsync("key.gpg", RunKey.Create(DateTimeOffset.UtcNow.AddDays(-1)).PublicKey());
        foreach (var check in checks) Assert.False((await check.RunAsync()).Succeeded);
    }

    IEnumerable<Command> Verifiers() =>
    [
        new Command("/usr/bin/gpgv", "--keyring", _directory / "key.gpg", _directory / "Release.gpg",
            _directory / "Release"),
        new Command("/usr/bin/sqv", "--keyring", _directory / "key.gpg", _directory / "Release.gpg",
            _directory / "Release"),
    ];

    Task WriteAsync(string name, byte[] content) => File.WriteAllBytesAsync(_directory / name, content);
}
