using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary>
/// The files of a new service, from <c>build/Catalog/templates/</c>; <c>@name@</c> in them stands for a value. What
/// nobody could know is a line with TODO (<see cref="OpenTasks"/>).
/// </summary>
/// <param name="directory">Where the templates are.</param>
/// <param name="service">Name of the service.</param>
/// <param name="byRelease">What each release is to say of it.</param>
/// <param name="kind">What its source is.</param>
[DescribedFile("The port that a service's API is expected at, where its repository does not say it", Place = Ports)]
public sealed class ServiceTemplate(AbsolutePath directory, string service,
    IReadOnlyDictionary<string, NewComponent> byRelease, ImageKind kind = ImageKind.Python)
{
    const string AnyPort = "8080";
    const string Ports = "build/Catalog/templates/ports.yaml";

    /// <summary>Of the file of ports.</summary>
    public static YamlShape Shape { get; } = YamlShape.Map(Names.Component, YamlShape.Number, "service");

    readonly List<(string Release, NewComponent Component)> _byRelease =
        [.. byRelease.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => (x.Key, x.Value))];

    /// <summary>What each release is to say of it.</summary>
    public IReadOnlyDictionary<string, NewComponent> ByRelease => byRelease;

    /// <summary>The entry of <c>extra-packages.yaml</c>; null where there is none.</summary>
    public string? ExtraPackages => kind != ImageKind.Python || Newest.Traits.IsClient ? null :
        Fill(ExtraPackagesFile.Name, ("server", Start.Application is null ? "" : "    - uwsgi")).TrimEnd() + "\n";

    ServiceStart Start => ServiceStart.Of(service, _byRelease);

    /// <summary>What the newest release says of which anything is known.</summary>
    NewComponent Newest => _byRelease.LastOrDefault(x => x.Component.EntryPoints is not null,
        _byRelease[^1]).Component;

    /// <summary>The files of the image's directory, by name.</summary>
    public IReadOnlyDictionary<string, string> ImageFiles()
    {
        if (kind == ImageKind.Native)
            return ((string[])["Dockerfile", ImageFile.Name, ImageContract.Name])
                .ToDictionary(x => x, x => Fill($"native.{x}"));
        var files = new Dictionary<string, string>
        {
            ["Dockerfile"] = Dockerfile(),
            [ImageContract.Name] = Contract(),
        };
        if (Newest.Traits.ConfigurationNames is { Count: > 0 } names)
            files[ImageFile.Name] = Fill(ImageFile.Name, ("directories", Lines(names.SelectMany(x =>
                (string[])[$"  - /etc/{x}", $"  - /var/lib/{x}", $"  - /var/log/{x}"]))));
        return files;
    }

    string Dockerfile()
    {
        var (start, port) = (Start, KnownPort);
        var starts = (start.Application ?? start.Asgi ?? start.Script) is not null;
        var isClient = Newest.Traits.IsClient && start.Script is not null;
        List<string?> todo = [start.Todo, starts && !isClient && port is null
            ? $"the port of its API: nothing in its repository says it, and {AnyPort} stands in for it." : null];
        var name = start.Application is not null ? "uwsgi" : start.Asgi is not null ? "gunicorn"
            : isClient ? "client" : starts ? "script" : "unknown";
        return Fill($"Dockerfile.{name}", ("port", port ?? AnyPort),
            ("application", start.Application ?? start.Asgi ?? ""), ("script", start.Script ?? ""),
            ("todo", Todo(todo))).TrimEnd('\n') + "\n";
    }

    string Contract()
    {
        var traits = Newest.Traits;
        var (commands, files) = (InAll(x => x.VersionScripts), InAll(x => x.DataFiles));
        List<string> checks = ["commands:" + (commands.Count == 0 ? " []" : ""),
            .. commands.SelectMany(x => (string[])[$"  - run: [{x}, --version]",
                $"    prints: \"{(traits.IsClient ? $"{x} " : "")}{{version}}\""])];
        if (files.Count > 0)
            checks.AddRange(["", "# Data files that the code opens at run time; PBR leaves them out when it is not "
                + "given a git tree.", "files:", .. files.Select(x => $"  - {x}")]);
        var known = ("checks", string.Join('\n', checks) + "\n");
        if (traits.IsClient) return Fill($"client.{ImageContract.Name}", known);
        return Fill(ImageContract.Name, known,
            ("programs", traits.RootPrograms.Count == 0 ? "" : " It becomes root (CONTRIBUTING.md),\n"
                + $"# and its rootwrap filters name {Wrapped(traits.RootPrograms)}."),
            ("todo", Todo([traits.HasDatabase && Newest.EntryPoints is { Migrations: [] }
                ? "the commands that bring its database up to date, under \"migrations:\" in "
                    + $"releases/*/{EntryPointsFile.Name}." : null])));
    }

    IReadOnlyList<string> InAll(Func<ServiceTraits, IReadOnlyList<string>> of) =>
        [.. of(Newest.Traits).Where(x => _byRelease.Where(y => y.Component.EntryPoints is not null)
            .All(y => of(y.Component.Traits).Contains(x)))];

    string? KnownPort =>
        YamlFile.Read(Read("ports.yaml"), "ports.yaml", [])?.FindText(service) ?? Newest.Traits.Port;

    /// <summary>Names in lines of a comment.</summary>
    static string Wrapped(IEnumerable<string> names) => names.Aggregate((Text: "", Line: 60), (x, name) =>
        x.Text.Length == 0 ? (name, x.Line + name.Length)
        : x.Line + name.Length > 110 ? ($"{x.Text},\n# {name}", name.Length)
        : ($"{x.Text}, {name}", x.Line + name.Length + 2)).Text;

    static string Todo(IEnumerable<string?> tasks) => Lines(tasks.OfType<string>().Select(x => $"# TODO: {x}")) switch
    {
        "" => "",
        var lines => lines + "\n",
    };

    static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);

    string Fill(string name, params IReadOnlyList<(string Name, string Value)> values) => values
        .Prepend(("Service", char.ToUpperInvariant(service[0]) + service[1..]))
        .Prepend(("service", service))
        .Aggregate(Read(name), (text, x) => text.Replace($"@{x.Item1}@", x.Item2, StringComparison.Ordinal));

    string Read(string name) => Utf8File.Read(directory / name, $"build/Catalog/templates/{name}");
}
