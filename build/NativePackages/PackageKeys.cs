using OpenStack.Signing;

namespace OpenStack.NativePackages;

/// <summary>What repositories of packages are signed with; null of what nothing is added to.</summary>
/// <param name="OpenPgp">Those of apt and dnf.</param>
/// <param name="Apk">Those of apk.</param>
public sealed record PackageKeys(OpenPgpKey? OpenPgp, ApkKey? Apk) : IDisposable
{
    public void Dispose() => Apk?.Dispose();
}

/// <summary>Whose signatures of repositories count; each is asked for where there is something to look at.</summary>
/// <param name="OpenPgp">Of those of apt and dnf.</param>
/// <param name="Apk">Of those of apk.</param>
/// <param name="Now">By which certificates are valid or not.</param>
public sealed record PackageTrust(Lazy<OpenPgpCertificate> OpenPgp, Lazy<ApkPublicKey> Apk, DateTimeOffset Now)
{
    /// <summary>Those that were asked for.</summary>
    public override string ToString() => string.Join(" and ", new[]
    {
        OpenPgp.IsValueCreated ? OpenPgp.Value.Fingerprint : "", Apk.IsValueCreated ? Apk.Value.Name : "",
    }.Where(x => x.Length > 0).DefaultIfEmpty("nobody"));
}
