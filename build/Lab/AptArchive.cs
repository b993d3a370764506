using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>
/// Some suites of a Debian mirror, read by the host's apt with a private state: nothing counts as installed (so that a download is
/// the whole closure), signatures are checked with the host's archive keyring, and neither the host's configuration beyond its way
/// to the mirror nor its hooks take part.
/// </summary>
sealed class AptArchive(AbsolutePath directory, IReadOnlyList<AptSource> sources, string architecture, string kind = "deb")
{
    public const string Keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

    /// <summary>The settings of the host's apt that belong to its way to the mirror.</summary>
    static readonly string[] s_transport = ["Acquire::http", "Acquire::https", "Acquire::Check-", "Acquire::Max-FutureTime", "Acquire::Retries", "Acquire::ForceIPv"];

    AbsolutePath ConfigurationFile => directory / "apt.conf";

    /// <summary>The sources as apt reads them; also right inside an image, whose keyring has the same place.</summary>
    public AbsolutePath SourcesFile => directory / "sources.list.d" / "debian.sources";

    public AbsolutePath Lists => directory / "lists";

    /// <summary>The host's transport settings as lines of apt's configuration.</summary>
    public static async Task<IReadOnlyList<string>> ReadTransportAsync(CancellationToken cancellation)
    {
        var dump = await new Command("apt-config", "dump", "--no-empty", "--format", "%F \"%v\";%n", "Acquire").RequireAsync(cancellation);
        return [.. dump.Lines.Where(x => s_transport.Any(y => x.StartsWith(y, StringComparison.OrdinalIgnoreCase)))];
    }

    /// <summary>Brings the lists up to date; quick when they are.</summary>
    /// <exception cref="ProblemException">The mirror cannot be reached, or what it says is not signed by Debian.</exception>
    public async Task UpdateAsync(StepLog log, CancellationToken cancellation)
    {
        if (!File.Exists(Keyring)) throw new ProblemException($"Debian's archive keys are not at {Keyring}", "Install debian-archive-keyring");
        foreach (var part in new[] { "lists/partial", "cache/archives/partial", "empty" }) Directory.CreateDirectory(directory / part);
        await File.WriteAllTextAsync(directory / "status", "", cancellation);
        AtomicFile.WriteText(SourcesFile, string.Join('\n', sources.Select(Stanza)));
        AtomicFile.WriteText(ConfigurationFile, string.Join('\n', [.. await ReadTransportAsync(cancellation), .. Configuration(), ""]));
        await log.RunAsync(Apt("apt-get", "update", "-q", "--error-on=any"), $"The package lists of {sources[0].Uri} for {sources[0].Suite} cannot be read", cancellation);
    }

    /// <summary>Downloads packages with all that they depend on.</summary>
    /// <returns>The packages' files, by name.</returns>
    public async Task<IReadOnlyList<AbsolutePath>> DownloadClosureAsync(
        IEnumerable<string> packages, AbsolutePath into, StepLog log, CancellationToken cancellation)
    {
        Directory.CreateDirectory(into / "partial");
        await log.RunAsync(
            Apt("apt-get", ["install", "-q", "-y", "--download-only", "--no-install-recommends", "-o", $"Dir::Cache::archives={into}", .. packages]),
            "Packages cannot be downloaded", cancellation);
        return Packages(into);
    }

    /// <summary>Downloads packages alone.</summary>
    /// <returns>The packages' files, in the order of their names here.</returns>
    public async Task<IReadOnlyList<AbsolutePath>> DownloadAsync(
        IReadOnlyList<string> packages, AbsolutePath into, StepLog log, CancellationToken cancellation)
    {
        Directory.CreateDirectory(into);
        await log.RunAsync(Apt("apt-get", ["download", "-q", .. packages]) with { WorkingDirectory = into }, "Packages cannot be downloaded", cancellation);
        return [.. packages.Select(x => (AbsolutePath)Directory.EnumerateFiles(into, $"{x}_*.deb").Single())];
    }

    /// <summary>Downloads a source package's upstream archive, <c>NAME_VERSION.orig.tar.*</c>.</summary>
    public async Task<AbsolutePath> DownloadSourceAsync(string package, AbsolutePath into, StepLog log, CancellationToken cancellation)
    {
        Directory.CreateDirectory(into);
        await log.RunAsync(
            Apt("apt-get", "source", "-q", "--download-only", "--tar-only", package) with { WorkingDirectory = into },
            $"The source of {package} cannot be downloaded", cancellation);
        return Directory.EnumerateFiles(into, $"{package}_*.orig.tar.*").Single(x => !x.EndsWith(".asc", StringComparison.Ordinal));
    }

    /// <summary>When the first suite was released, from its signed <c>InRelease</c> file.</summary>
    public DateTimeOffset ReleaseDate()
    {
        var file = Directory.EnumerateFiles(Lists, $"*_dists_{sources[0].Suite}_InRelease").Single();
        var line = File.ReadLines(file).First(x => x.StartsWith("Date: ", StringComparison.Ordinal));
        return DateTimeOffset.ParseExact(line[6..].Trim(), "ddd, dd MMM yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    static List<AbsolutePath> Packages(AbsolutePath directory) =>
        [.. Directory.EnumerateFiles(directory, "*.deb").Order(StringComparer.Ordinal).Select(x => (AbsolutePath)x)];

    Command Apt(string program, params IReadOnlyList<string> arguments) => new(program, arguments)
    {
        Environment = new Dictionary<string, string?> { ["APT_CONFIG"] = ConfigurationFile, ["LC_ALL"] = "C", ["DEBIAN_FRONTEND"] = "noninteractive" },
        Remedy = "The laboratory needs Debian's apt",
    };

    string Stanza(AptSource source) => $"Types: {kind}\nURIs: {source.Uri}\nSuites: {source.Suite}\nComponents: main\nSigned-By: {Keyring}\n";

    IEnumerable<string> Configuration() =>
    [
        "Dir::Etc::main \"/dev/null\";",
        $"Dir::Etc::parts \"{directory / "empty"}\";",
        "Dir::Etc::sourcelist \"/dev/null\";",
        $"Dir::Etc::sourceparts \"{SourcesFile.Parent}\";",
        "Dir::Etc::preferences \"/dev/null\";",
        $"Dir::Etc::preferencesparts \"{directory / "empty"}\";",
        $"Dir::State \"{directory}\";",
        $"Dir::State::lists \"{Lists}\";",
        $"Dir::State::status \"{directory / "status"}\";",
        $"Dir::Cache \"{directory / "cache"}\";",
        $"APT::Architecture \"{architecture}\";",
        $"APT::Architectures:: \"{architecture}\";",
        "APT::Sandbox::User \"root\";",
        "Acquire::Languages \"none\";",
        "Acquire::AllowInsecureRepositories \"false\";",
        "APT::Get::AllowUnauthenticated \"false\";",
    ];
}
