using Nuke.Common.IO;
using OpenStack.Lab;
using OpenStack.Oci;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.Tests.Signing;

/// <summary>The laboratory's cosign, a directory, and keys made for the tests of a class.</summary>
public sealed class TestKeys : IAsyncLifetime
{
    internal static LabLayout Lab { get; } = new(RepositoryRoot.Path / ".nuke/temp/lab");

    internal Cosign Cosign { get; } = new(Lab.Cosign);

    internal AbsolutePath Directory { get; } = System.IO.Directory.CreateTempSubdirectory("signing-").FullName;

    internal KeyReference Key => KeyReference.Of(Lab.Signing / "cosign.key", "--signing-key", Directory);

    internal KeyReference Public => KeyReference.Of(Lab.Signing / "cosign.pub", "--verification-key", Directory);

    internal KeyReference Foreign => KeyReference.Of(Directory / "foreign/cosign.key", "--signing-key", Directory);

    internal KeyReference ForeignPublic =>
        KeyReference.Of(Directory / "foreign/cosign.pub", "--verification-key", Directory);

    internal OfflineConfiguration Offline { get; private set; } = null!;

    Task<IReadOnlyList<AttachedBundle>>? _signed;

    /// <summary>Bundles that several tests share.</summary>
    internal Task<IReadOnlyList<AttachedBundle>> OnceAsync(Func<Task<IReadOnlyList<AttachedBundle>>> sign) =>
        _signed ??= sign();

    public async Task InitializeAsync()
    {
        Assert.True(File.Exists(Lab.Signing / "cosign.key"),
            "The laboratory is not up: run with --profile lab, as in ./build.sh LabUp --profile lab");
        Offline = await Cosign.ConfigureOfflineAsync(Directory / "offline");
        await Cosign.GenerateKeyPairAsync(Directory / "foreign");
    }

    public Task DisposeAsync()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        return Task.CompletedTask;
    }

    internal AbsolutePath Write(string name, string text)
    {
        AtomicFile.WriteText(Directory / name, text);
        return Directory / name;
    }
}
