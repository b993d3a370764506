using Nuke.Common.IO;

namespace OpenStack.Signing;

/// <summary>Files that keep cosign offline, see <see cref="Cosign.ConfigureOfflineAsync"/>.</summary>
/// <param name="SigningConfig">Names no certificate authority, no transparency log, no time stamps.</param>
/// <param name="TrustedRoot">Trusts none either: what counts is the key.</param>
public sealed record OfflineConfiguration(AbsolutePath SigningConfig, AbsolutePath TrustedRoot)
{
    /// <summary>The files in a directory that <see cref="Cosign.ConfigureOfflineAsync"/> made.</summary>
    public static OfflineConfiguration In(AbsolutePath directory) =>
        new(directory / "signing-config.json", directory / "trusted-root.json");
}
