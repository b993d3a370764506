using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Packages;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>
/// Some suites of a Debian mirror, read by the host's apt with a private state: nothing counts as installed (so that a
/// download is the whole closure), signatures are checked with the host's archive keyring, and neither the host's
/// configuration beyond its way to the mirror nor its hooks take part.
/// </summary>
/// <param name="progress">Counts what is downloaded.</param>
sealed class AptArchive(
    AbsolutePath directory, IReadOnlyList<AptSource> sources, string architecture, string kind = "deb",
        LabProgress? progress = null)
{
    public const string Keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

    /// <summary>The settings of the host's apt that belong to its way to the mirror.</summary>
    static readonly string[] s_transport = ["Acquire::http", "Acquire::https", "Acquire::Check-",
        "Acquire::Max-FutureTime", "Acquire::Retries", "Acquire::ForceIPv"];

    /// <summary>Where the host's own apt keeps its lists.</summary>
    static readonly AbsolutePath s_hostLists = "/var/lib/apt/lists";

    AbsolutePath ConfigurationFile => directory / "apt.conf";

    /// <summary>The sources as apt reads them; also right inside an image, whose keyring has the same place.</summary>
    public AbsolutePath SourcesFile => directory / "sources.list.d" / "debian.sources";

    public AbsolutePath Lists => directory / "lists";

    /// <summary>The host's transport settings as lines of apt's configuration.</summary>
    public static async Task<IReadOnlyList<string>> ReadTransportAsync(CancellationToken cancellation)
    {
        var dump = await new Command("apt-config", "dump", "--no-empty", "--format", "%F \"%v\";%n", "Acquire")
            .RequireAsync(cancellation);
        return [.. dump.Lines.Where(x => s_transport.Any(y => x.StartsWith(y, StringComparison.OrdinalIgnoreCase)))];
    }

    /// <summary>Brings the lists up to date; quick when they are.</summary>
    /// <exception cref="ProblemException">
    /// The mirror cannot be reached, or what it says is not signed by Debian.
    /// </exception>
    public async Task UpdateAsync(StepLog log, CancellationToken cancellation)
    {
        if (!File.Exists(Keyring))
            throw new ProblemException($"Debian's archive keys are not at {Keyring}", "Install debian-archive-keyring");
        foreach (var part in new[] { "lists/partial", "cache/archives/partial", "empty" })
            Directory.CreateDirectory(directory / part);
        await File.WriteAllTextAsync(directory / "status", "", cancellation);
        TakeOver(s_hostLists);
        AtomicFile.WriteText(SourcesFile, string.Join('\n', sources.Select(Stanza)));
        AtomicFile.WriteText(ConfigurationFile,
            string.Join('\n', [.. await ReadTransportAsync(cancellation), .. Configuration(), ""]));
        await RunAsync($"{directory.Name}: package lists", Apt("apt-get", "update", "-q", "--error-on=any"),
            $"The package lists of {sources[0].Uri} for {sources[0].Suite} cannot be read", log, cancellation);
    }

    /// <summary>
    /// Lists that the host's own apt has of the same suites: apt asks the mirror whether they are still what it has,
    /// and does not download them again.
    /// </summary>
    void TakeOver(AbsolutePath lists)
    {
        if (kind != "deb" || !Directory.Exists(lists)) return;
        foreach (var source in sources)
        {
            // As apt makes names of files from places; another name is found by nobody, and does no harm.
            var place = source.Uri[(source.Uri.IndexOf("://", StringComparison.Ordinal) + 3)..];
            var suite = $"{place}/dists/{source.Suite}/".Replace('/', '_');
            foreach (var pattern in new[] { $"{suite}InRelease", $"{suite}main_binary-{architecture}_Packages*" })
            {
                foreach (var file in Directory.GetFiles(lists, pattern).Select(x => (AbsolutePath)x))
                    if (!File.Exists(Lists / file.Name)) File.Copy(file, Lists / file.Name);
            }
        }
    }

    /// <summary>
    /// The packages that apt would install for these, with all that they depend on; also patterns (apt-patterns(7)).
    /// </summary>
    public async Task<IReadOnlyList<AptPackage>> ClosureAsync(IEnumerable<string> packages, StepLog log,
        CancellationToken cancellation)
    {
        var result = await log.RunAsync(
            Apt("apt-get", ["install", "-q", "-y", "--print-uris", "--no-install-recommends", .. packages]),
            "Packages cannot be found", cancellation);
        return AptPackage.Parse(result.Output);
    }

    /// <summary>Those packages alone.</summary>
    public async Task<IReadOnlyList<AptPackage>> FindAsync(IReadOnlyList<string> packages, StepLog log,
        CancellationToken cancellation)
    {
        var result = await log.RunAsync(
            Apt("apt-get", ["download", "-q", "--print-uris", .. packages]), "Packages cannot be found",
            cancellation);
        var found = AptPackage.Parse(result.Output).ToDictionary(x => x.Name, StringComparer.Ordinal);
        return [.. packages.Select(x => found[x])];
    }

    /// <summary>Downloads packages into a directory; what is there of them already is not downloaded again.</summary>
    public async Task DownloadAsync(IReadOnlyList<AptPackage> packages, AbsolutePath into, StepLog log,
        CancellationToken cancellation)
    {
        Directory.CreateDirectory(into);
        using var counted = progress?.Count(packages.Count == 1 ? packages[0].Name : $"{packages.Count} packages",
            TransferOf(packages, into));
        await log.RunAsync(
            Apt("apt-get", ["download", "-q", .. packages.Select(x => x.Request)]) with { WorkingDirectory = into },
            "Packages cannot be downloaded", cancellation);
    }

    /// <summary>Files that apt writes in place, below a directory.</summary>
    internal static Transfer TransferOf(IReadOnlyList<AptPackage> packages, AbsolutePath directory)
    {
        long Present() =>
            packages.Sum(x => new FileInfo(directory / x.File) is { Exists: true } file ? file.Length : 0);
        var before = Present();
        return new Transfer(() => packages.Sum(x => x.Size) - before, () => Math.Max(0, Present() - before));
    }

    /// <summary>Downloads packages alone.</summary>
    /// <returns>The packages' files, in the order of their names here.</returns>
    public async Task<IReadOnlyList<AbsolutePath>> DownloadAsync(
        IReadOnlyList<string> packages, AbsolutePath into, StepLog log, CancellationToken cancellation)
    {
        var found = await FindAsync(packages, log, cancellation);
        await DownloadAsync(found, into, log, cancellation);
        return [.. found.Select(x => into / x.File)];
    }

    /// <summary>
    /// Downloads a source package's upstream archive, <c>NAME_VERSION.orig.tar.*</c>: that of the newest version whose
    /// archive the mirror has. A suite may list one that it does not hold, and another hold the same file.
    /// </summary>
    public async Task<AbsolutePath> DownloadSourceAsync(string package, AbsolutePath into, StepLog log,
        CancellationToken cancellation)
    {
        Directory.CreateDirectory(into);
        var versions = await SourceVersionsAsync(package, log, cancellation);
        foreach (var (i, version) in versions.Index())
        {
            try
            {
                var download = Apt("apt-get", "source", "-q", "--download-only", "--tar-only", $"{package}={version}");
                await RunAsync($"source of {package}", download with { WorkingDirectory = into },
                    $"The source of {package} {version} cannot be downloaded", log, cancellation);
                break;
            }
            catch (ProblemException) when (i < versions.Count - 1)
            {
                // The log has it; the next one may be there.
            }
        }

        return Directory.EnumerateFiles(into, $"{package}_*.orig.tar.*")
            .Single(x => !x.EndsWith(".asc", StringComparison.Ordinal));
    }

    /// <summary>The versions of a source package that the suites list, the newest first.</summary>
    async Task<IReadOnlyList<string>> SourceVersionsAsync(string package, StepLog log, CancellationToken cancellation)
    {
        var listed = await log.RunAsync(Apt("apt-cache", "showsrc", "--only-source", package),
            $"The source of {package} cannot be found", cancellation);
        const string field = "Version: ";
        return [.. listed.Lines.Where(x => x.StartsWith(field, StringComparison.Ordinal))
            .Select(x => x[field.Length..].Trim()).Distinct()
            .OrderDescending(Comparer<string>.Create(DebianVersion.Compare))];
    }

    async Task RunAsync(string name, Command command, string failure, StepLog log, CancellationToken cancellation)
    {
        var messages = new AptMessages();
        using var counted = progress?.Count(name, messages.Transfer);
        await log.RunAsync(command, failure, cancellation, messages.Read);
    }

    /// <summary>When the first suite was released, from its signed <c>InRelease</c> file.</summary>
    public DateTimeOffset ReleaseDate()
    {
        var file = Directory.EnumerateFiles(Lists, $"*_dists_{sources[0].Suite}_InRelease").Single();
        var line = File.ReadLines(file).First(x => x.StartsWith("Date: ", StringComparison.Ordinal));
        return DateTimeOffset.ParseExact(line[6..].Trim(), "ddd, dd MMM yyyy HH:mm:ss 'UTC'",
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    Command Apt(string program, params IReadOnlyList<string> arguments) => new(program, arguments)
    {
        Environment = new Dictionary<string, string?>
        {
            ["APT_CONFIG"] = ConfigurationFile,
            ["LC_ALL"] = "C",
            ["DEBIAN_FRONTEND"] = "noninteractive",
        },
        Remedy = "The laboratory needs Debian's apt",
    };

    string Stanza(AptSource source) =>
        $"Types: {kind}\nURIs: {source.Uri}\nSuites: {source.Suite}\nComponents: main\nSigned-By: {Keyring}\n";

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
        // With nothing installed it would be the same as the other cache; and lists are read once or twice.
        "Dir::Cache::srcpkgcache \"\";",
        "Acquire::GzipIndexes \"true\";",
        $"APT::Architecture \"{architecture}\";",
        $"APT::Architectures:: \"{architecture}\";",
        "APT::Sandbox::User \"root\";",
        "Acquire::Languages \"none\";",
        "Acquire::AllowInsecureRepositories \"false\";",
        "APT::Get::AllowUnauthenticated \"false\";",
    ];
}
