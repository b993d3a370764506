using System.Collections.Concurrent;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Processes;

namespace OpenStack.Signing;

/// <summary>
/// cosign, which signs, and verifies as everybody else would. Packages of distributions do not tell its version, so
/// what it can do is read from its help.
/// </summary>
/// <param name="program">A name on PATH or a file.</param>
/// <param name="credentials">How it enters registries; those of the user where it is null.</param>
public sealed class Cosign(string program, DockerCredentials? credentials = null)
{
    const string Remedy =
        "Install cosign 3 (https://docs.sigstore.dev/cosign/system_config/installation/), or name one with --cosign";

    const string Password = "COSIGN_PASSWORD";

    const int Attempts = 4;

    /// <summary>What is used of it that version 2 lacks, by subcommand.</summary>
    static readonly (string[] Subcommand, string[] Options)[] s_needed =
    [
        (["attest-blob"], ["--bundle", "--signing-config", "--trusted-root"]),
        (["signing-config", "create"], ["--out"]),
        (["trusted-root", "create"], ["--out"]),
    ];

    /// <summary>
    /// What Go's network library and Sigstore's clients say of a network or server that may do better in a moment.
    /// </summary>
    static readonly string[] s_transient =
    [
        "429", "500 ", "502", "503", "504", "connection refused", "connection reset", "context deadline exceeded",
        "i/o timeout", "no such host", "TLS handshake timeout", "unexpected EOF",
    ];

    /// <summary>
    /// A few at once, in the whole run: they compete for processors, and the services behind them are metered.
    /// </summary>
    static readonly SemaphoreSlim s_running = new(Math.Clamp(Environment.ProcessorCount, 2, 8));

    readonly ConcurrentDictionary<string, Task<bool>> _wantsFormat = new(StringComparer.Ordinal);

    /// <summary>Fails unless this cosign is there and makes and reads bundles of version 0.3 offline.</summary>
    /// <exception cref="ProblemException">It is not there, or too old: names what it lacks.</exception>
    public async Task RequireAsync(CancellationToken cancellation = default)
    {
        var lacking = await Task.WhenAll(s_needed.Select(async x =>
        {
            var help = await RunAsync([.. x.Subcommand, "--help"], cancellation: cancellation);
            // An unknown subcommand is answered with the help of the one above it.
            if (!help.Output.Contains($"cosign {string.Join(' ', x.Subcommand)} ", StringComparison.Ordinal))
                return [string.Join(' ', x.Subcommand)];
            return x.Options.Where(y => !Has(help, y)).Select(y => string.Join(' ', [.. x.Subcommand, y])).ToArray();
        }));
        if (lacking.SelectMany(x => x).ToList() is { Count: > 0 } all)
            throw new ProblemException(new Problem(
                $"'{program}' is no cosign, or too old a one: it does not know '{string.Join("', '", all)}'",
                Expected: "version 3", Remedy: Remedy));
    }

    /// <summary>
    /// Makes <c>cosign.key</c>, which only its owner may read, and <c>cosign.pub</c>; the key has the empty password.
    /// </summary>
    /// <param name="directory">Where; it is made.</param>
    public async Task GenerateKeyPairAsync(AbsolutePath directory, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(directory);
        (await (Command(["generate-key-pair"], PasswordFor(isHere: true)) with { WorkingDirectory = directory })
            .RunAsync(cancellation)).RequireSuccess(Remedy);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(directory / "cosign.key", UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>
    /// The public key of a private one, or of one that a key management service keeps; a public key itself is that
    /// already.
    /// </summary>
    /// <exception cref="ProblemException">cosign cannot read it.</exception>
    public async Task<PublicKey> PublicKeyAsync(KeyReference key, CancellationToken cancellation = default)
    {
        if (key.Read() is { } pem && pem.Contains("-----BEGIN PUBLIC KEY-----", StringComparison.Ordinal))
            return PublicKey.FromPem(pem, key.Text);
        var result = await RunAsync(["public-key", "--key", key.Text], PasswordFor(key.IsHere), cancellation);
        return result.Succeeded ? PublicKey.FromPem(result.Output, key.Text) : throw KeyProblem(key, result);
    }

    /// <summary>
    /// The two files that keep cosign from asking the network which services to sign with and which to trust: none.
    /// </summary>
    public async Task<OfflineConfiguration> ConfigureOfflineAsync(AbsolutePath directory,
        CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(directory);
        var configuration = OfflineConfiguration.In(directory);
        var runs = await Task.WhenAll(
            RunAsync(["signing-config", "create", "--out", configuration.SigningConfig], cancellation: cancellation),
            RunAsync(["trusted-root", "create", "--out", configuration.TrustedRoot], cancellation: cancellation));
        foreach (var run in runs) run.RequireSuccess(Remedy);
        return configuration;
    }

    /// <summary>
    /// Says something of a manifest, as a bundle. With a key nothing is sent anywhere; without, it goes through Fulcio
    /// and Rekor.
    /// </summary>
    /// <param name="attestation">What is said.</param>
    /// <param name="signer">Who says it.</param>
    /// <param name="offline">With a key: what <see cref="ConfigureOfflineAsync"/> made.</param>
    /// <param name="bundle">Where the bundle goes.</param>
    /// <exception cref="ProblemException">cosign cannot sign.</exception>
    public async Task AttestAsync(Attestation attestation, Signer signer, OfflineConfiguration? offline,
        AbsolutePath bundle, CancellationToken cancellation = default)
    {
        IReadOnlyList<string> arguments = ["attest-blob", "--yes", "--type", attestation.PredicateType, "--predicate",
            attestation.Predicate, "--bundle", bundle,
            .. signer.Key is { } key ? ["--key", key.Text] : Array.Empty<string>(),
            .. offline is not null
                ? ["--signing-config", offline.SigningConfig, "--trusted-root", offline.TrustedRoot]
                : Array.Empty<string>(),
            attestation.Manifest];
        for (var attempt = 1; ; attempt++)
        {
            var result = await RunAsync(arguments, PasswordFor(signer.Key is { IsHere: true }), cancellation);
            if (result.Succeeded) return;
            if (signer.Key is not null) throw KeyProblem(signer.Key, result);
            if (attempt == Attempts
                || !s_transient.Any(x => result.Error.Contains(x, StringComparison.OrdinalIgnoreCase)))
                throw new ProblemException($"cosign cannot sign as {signer.Identity}: {Reason(result)}",
                    "Run the same command again; what is signed already is not signed again");
            await Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, attempt - 1) * (0.5 + Random.Shared.NextDouble())),
                cancellation);
        }
    }

    /// <summary>
    /// What stock verification says of an image: <c>cosign verify</c>, whose output lists what was verified.
    /// </summary>
    /// <param name="reference">Repository and digest.</param>
    public async Task<CommandResult> VerifyAsync(string reference, Trust trust, OfflineConfiguration? offline,
        CancellationToken cancellation = default) =>
        await RunInRegistryAsync(["verify", .. await TrustArgumentsAsync("verify", trust, offline, cancellation)],
            reference, cancellation);

    /// <summary>What stock verification says of an attestation: <c>cosign verify-attestation</c>.</summary>
    /// <param name="reference">Repository and digest.</param>
    public async Task<CommandResult> VerifyAttestationAsync(
        string reference, string predicateType, Trust trust, OfflineConfiguration? offline,
        CancellationToken cancellation = default) =>
        await RunInRegistryAsync(
            ["verify-attestation", .. await TrustArgumentsAsync("verify-attestation", trust, offline, cancellation),
            "--type", predicateType], reference, cancellation);

    /// <summary>
    /// Why stock verification does not believe a statement about a file, <c>cosign verify-blob-attestation</c>; null
    /// where it does.
    /// </summary>
    public async Task<string?> RefusalOfBlobAsync(AbsolutePath file, AbsolutePath bundle, string predicateType,
        Trust trust, OfflineConfiguration? offline, CancellationToken cancellation = default)
    {
        const string subcommand = "verify-blob-attestation";
        var result = await RunAsync(
            [subcommand, .. await TrustArgumentsAsync(subcommand, trust, offline, cancellation), "--bundle", bundle,
            "--type", predicateType, file], cancellation: cancellation);
        return result.Succeeded ? null : Reason(result);
    }

    /// <summary>Whether a complaint is one of the network or of a server, which says nothing of what was to be
    /// verified.</summary>
    public static bool IsOfNetwork(CommandResult result) => !result.Succeeded
        && s_transient.Any(x => result.Error.Contains(x, StringComparison.OrdinalIgnoreCase));

    /// <summary>The one line of cosign's complaint that says why.</summary>
    public static string Reason(CommandResult result) =>
        (result.Error.Split('\n')
            .LastOrDefault(x => x.StartsWith("Error: ", StringComparison.Ordinal))?["Error: ".Length..]
            ?? result.Tail(1)).Trim();

    /// <summary>Versions before 3 look for bundles only when they are told to.</summary>
    async Task<IReadOnlyList<string>> TrustArgumentsAsync(string subcommand, Trust trust, OfflineConfiguration? offline,
        CancellationToken cancellation) =>
    [
        .. trust.Arguments,
        .. offline is not null
            ? ["--insecure-ignore-tlog=true", "--trusted-root", offline.TrustedRoot]
            : Array.Empty<string>(),
        .. await _wantsFormat.GetOrAdd(subcommand,
            async x => Has(await RunAsync([x, "--help"], cancellation: cancellation), "--new-bundle-format"))
            ? ["--new-bundle-format"]
            : Array.Empty<string>(),
    ];

    static bool Has(CommandResult help, string option) => help.Output.Contains($" {option}=", StringComparison.Ordinal);

    /// <summary>It reads docker's configuration alone, so the credentials of a job are put into one.</summary>
    async Task<CommandResult> RunInRegistryAsync(IReadOnlyList<string> arguments, string reference,
        CancellationToken cancellation)
    {
        using var configuration =
            await JobDockerConfiguration.MakeAsync(credentials ?? DockerCredentials.OfUser,
            RegistryReference.Parse(reference), cancellation);
        return await RunAsync([.. arguments, reference], configuration is null ? null
            : new Dictionary<string, string?> { ["DOCKER_CONFIG"] = configuration.Directory }, cancellation);
    }

    async Task<CommandResult> RunAsync(IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null, CancellationToken cancellation = default)
    {
        await s_running.WaitAsync(cancellation);
        try
        {
            return await Command(arguments, environment).RunAsync(cancellation);
        }
        finally
        {
            s_running.Release();
        }
    }

    Command Command(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment = null) =>
        new(program, arguments) { Environment = environment ?? new Dictionary<string, string?>(), Remedy = Remedy };

    /// <summary>
    /// cosign asks for a password that it does not find; where none is set, the key has the empty one or the message
    /// says so.
    /// </summary>
    static Dictionary<string, string?> PasswordFor(bool isHere) =>
        isHere ? new() { [Password] = Environment.GetEnvironmentVariable(Password) ?? "" } : [];

    static ProblemException KeyProblem(KeyReference key, CommandResult result) =>
        Reason(result) is var reason && reason.Contains("decryption failed", StringComparison.Ordinal)
            ? new ProblemException($"The signing key {key} does not open with "
                + (Environment.GetEnvironmentVariable(Password) is null
                    ? $"the empty password, and {Password} is not set"
                    : $"the password in {Password}"),
                $"Set {Password} to the password of the key")
            : new ProblemException($"cosign cannot use the key {key}: {reason}",
                key.IsHere
                    ? "'cosign generate-key-pair' makes a key"
                    : "See whether this machine may use the key, and the variables that its service wants");
}
