using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>What the tree of a service says of how it is run. Nothing of it is run, and nothing is guessed.</summary>
static partial class ServiceScan
{
    const string Requirements = "requirements.txt";

    /// <summary>Modules that say how a service is configured, migrated and started, by their file's name.</summary>
    static readonly HashSet<string> s_modules = new(StringComparer.Ordinal)
    {
        "__init__", "api", "app", "base", "cli", "common", "config", "configuration", "main", "opts", "service",
        "settings", "setup", "shell", "version", "wsgi", "wsgi_app",
    };

    /// <summary>Names below <c>etc</c> that belong to the system.</summary>
    static readonly HashSet<string> s_ofSystem = new(StringComparer.Ordinal)
    {
        "apache2", "init", "init.d", "logrotate.d", "sudoers.d", "systemd", "udev",
    };

    /// <summary>Whether the scan looks into a file; the rest of a tree is not fetched.</summary>
    public static bool IsWanted(string path)
    {
        if (path.Contains("/tests/", StringComparison.Ordinal)) return false;
        if (!path.Contains('/')) return path is "pyproject.toml" or "setup.cfg" or "setup.py" or "package.json"
            or Requirements;
        if (path.StartsWith("devstack/", StringComparison.Ordinal))
            return !path.Contains("/files/", StringComparison.Ordinal)
                && !path.Contains("/tools/", StringComparison.Ordinal);
        return Filters().IsMatch(path) || DataFile().IsMatch(path) || EntryPointScan.IsWsgiFile(path)
            || (path.EndsWith(".py", StringComparison.Ordinal) && (Commands().IsMatch(path)
                || s_modules.Contains(Path.GetFileNameWithoutExtension(path))));
    }

    /// <summary>What an image needs to know of a tree that <see cref="IsWanted"/> was asked for.</summary>
    /// <returns>
    /// Null of a JavaScript project with nothing that Python could start, for all that it has a distribution's name.
    /// </returns>
    /// <exception cref="ProblemException">It names no distribution.</exception>
    public static (EntryPoints EntryPoints, ServiceTraits Traits)? Read(AbsolutePath tree, string service)
    {
        var targets = EntryPointScan.Targets(tree);
        var entryPoints = new EntryPoints(ProjectMetadata.Read(tree).Name, [.. targets.Keys],
            EntryPointScan.WsgiModules(tree), MigrationScan.Commands(tree, [.. targets.Keys]));
        if (entryPoints is { Scripts: [], Wsgi: [] } && File.Exists(tree / "package.json")) return null;
        var names = FileTree.Entries(tree).Where(x => x.Entry is FileInfo).Select(x => x.Name)
            .Order(StringComparer.Ordinal).ToList();
        var isClient = entryPoints.Wsgi.Count == 0 && IsClient(tree, names);
        return (entryPoints, new ServiceTraits
        {
            Factories = WsgiFactories.Of(tree),
            Asgi = AsgiIn(tree, names),
            ConfigurationNames = ConfigurationNames(tree, service, names),
            Port = PortIn(tree, service, names),
            VersionScripts = [.. targets.Where(x => isClient ? HasVersion(tree, x.Value)
                : Managers().IsMatch(x.Key) && PrintsVersion(tree, x.Value)).Select(x => x.Key)],
            DataFiles = [.. names.Where(x => DataFile().IsMatch(x) && !x.EndsWith(".py", StringComparison.Ordinal)
                && File.Exists(tree / x.Split('/')[0] / "__init__.py"))],
            RootPrograms = RootPrograms(tree, names),
            HasDatabase = names.Any(x => DataFile().IsMatch(x)),
            IsClient = isClient,
        });
    }

    /// <summary>
    /// Where its packages put configuration; where they put none, what its code reads there. None where that is the
    /// service's name.
    /// </summary>
    static List<string> ConfigurationNames(AbsolutePath tree, string service, IEnumerable<string> names)
    {
        var setup = IniFile.Read(tree / "setup.cfg").Lines("files", "data_files").Where(x => x.Contains('='))
            .Select(x => x.Split('=')[0].Trim());
        var packaged = (PyProject.Read(tree)?.DataDirectories ?? []).Concat(setup)
            .Select(x => x.Split('/')).Where(x => x is ["etc", { Length: > 0 }, ..]).Select(x => x[1])
            .Except(s_ofSystem).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (packaged.Count > 0) return packaged.Contains(service) ? [] : packaged;
        var read = names.Where(x => x.EndsWith(".py", StringComparison.Ordinal))
            .SelectMany(x => Configuration().Matches(Utf8File.Read(tree / x, x))).Select(x => x.Groups["name"].Value)
            .ToList();
        // The one that its name begins with: skyline-apiserver reads /etc/skyline.
        return read.Contains(service) ? []
            : [.. read.Where(x => service.StartsWith($"{x}-", StringComparison.Ordinal)).Distinct().Take(1)];
    }

    /// <summary>Applications of FastAPI at the top level of modules, where what serves them is required, too.</summary>
    static List<string> AsgiIn(AbsolutePath tree, IReadOnlyCollection<string> names) =>
        !names.Contains(Requirements) || !Utf8File.Read(tree / Requirements, Requirements).Contains("gunicorn") ? []
            : [.. names.Where(x => x.EndsWith("/main.py", StringComparison.Ordinal))
                .SelectMany(x => Asgi().Matches(Utf8File.Read(tree / x, x))
                    .Select(y => $"{PythonSource.ModuleOf(x)}:{y.Groups["name"].Value}"))];

    static string? PortIn(AbsolutePath tree, string service, IEnumerable<string> names) => names
        .Where(x => x.StartsWith(MigrationScan.Directory + "/", StringComparison.Ordinal))
        .SelectMany(x => Port().Matches(Utf8File.Read(tree / x, x)))
        .Where(x => x.Groups["name"].Value.Equals(service.Replace('-', '_'), StringComparison.OrdinalIgnoreCase))
        .Select(x => x.Groups["port"].Value)
        .FirstOrDefault();

    /// <summary>Whether it is made of cliff, and reads no configuration by oslo.config.</summary>
    static bool IsClient(AbsolutePath tree, IReadOnlyCollection<string> names) => names.Contains(Requirements)
        && Utf8File.Read(tree / Requirements, Requirements) is var text
        && Commander().IsMatch(text) && !Configured().IsMatch(text);

    /// <summary>Whether a command's module hands cliff the version, which then is told when it is asked for.</summary>
    static bool HasVersion(AbsolutePath tree, string target) =>
        new PythonSource(tree).Read(target.Split(':')[0]) is { } text && ClientVersion().IsMatch(text);

    /// <summary>The first word of each line of a filter names a program (oslo.rootwrap).</summary>
    static IReadOnlyList<string> RootPrograms(AbsolutePath tree, IEnumerable<string> names) =>
    [
        .. names.Where(x => Filters().IsMatch(x))
            .SelectMany(x => Filter().Matches(Utf8File.Read(tree / x, x)))
            .Select(x => x.Groups["program"].Value.Split('/')[^1])
            .Where(x => Names.Program.Check(x) is null)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// Whether the function hands oslo.config its version, itself or by what it calls for that: the option is there
    /// then, and only then.
    /// </summary>
    static bool PrintsVersion(AbsolutePath tree, string target, int depth = 2)
    {
        var source = new PythonSource(tree);
        if (source.Read(target.Split(':')[0]) is not { } text) return false;
        return Version().IsMatch(text) || (depth > 0 && source.Imports(text)
            .Where(x => Regex.IsMatch(text,
                $@"\b{Regex.Escape(x.Key)}\.(main|init|parse_args|prepare_(service|command))\("))
            .Any(x => PrintsVersion(tree, x.Value, depth - 1)));
    }

    [GeneratedRegex(@"(^|/)rootwrap\.d/[^/]+\.filters\z")]
    private static partial Regex Filters();

    [GeneratedRegex(@"(?m)^[\w-]+\s*:\s*\w+Filter\s*,\s*(?<program>[\w./+-]+)")]
    private static partial Regex Filter();

    [GeneratedRegex(@"/(alembic\.ini|migrate\.cfg|migrations/0001_\w+\.py)\z")]
    private static partial Regex DataFile();

    [GeneratedRegex(@"/(cmd|cmds|cli|command|commands|config|console|migration)/([^/]+/)*[^/]+\.py\z")]
    private static partial Regex Commands();

    [GeneratedRegex(@"^[a-z]+(-db)?(-manage|-dbsync)\z")]
    private static partial Regex Managers();

    [GeneratedRegex(@"\bversion\s*=\s*[\w.()'""]*\b(version|release)_string\(\)")]
    private static partial Regex Version();

    [GeneratedRegex(@"\bversion\s*=\s*[\w.]*\b__version__\b")]
    private static partial Regex ClientVersion();

    [GeneratedRegex(@"(?mi)^cliff\b")]
    private static partial Regex Commander();

    [GeneratedRegex(@"(?mi)^oslo[._-]config\b")]
    private static partial Regex Configured();

    [GeneratedRegex(@"(?m)^(?<name>\w+)\s*(?::[^=]+)?=\s*FastAPI\(")]
    private static partial Regex Asgi();

    [GeneratedRegex(@"['""]/etc/(?<name>[a-z][a-z0-9_-]*)/")]
    private static partial Regex Configuration();

    [GeneratedRegex(@"(?m)\b(?<name>[A-Z_]+)_SERVICE_PORT=""?\$\{\w+:-(?<port>[0-9]+)\}")]
    private static partial Regex Port();
}
