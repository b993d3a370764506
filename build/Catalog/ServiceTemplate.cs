using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary>
/// The files of a new service, from <c>build/Catalog/templates/</c>; <c>@name@</c> in them stands for a value.
/// </summary>
/// <param name="directory">Where the templates are.</param>
/// <param name="service">Name of the service.</param>
public sealed class ServiceTemplate(AbsolutePath directory, string service)
{
    const string AnyPort = "8080";

    /// <summary>The entry of <c>extra-packages.yaml</c>.</summary>
    public string ExtraPackages => Fill(ExtraPackagesFile.Name, []);

    /// <summary>The files of the image's directory, by name.</summary>
    /// <param name="entryPoints">Those of the newest release of which they are known; null where there is none.</param>
    public IReadOnlyDictionary<string, string> ImageFiles(EntryPoints? entryPoints)
    {
        var module = entryPoints is { Wsgi: [var first, ..] } ? first : $"{service.Replace('-', '_')}.wsgi.api";
        var files = new Dictionary<string, string>
        {
            ["Dockerfile"] = Fill("Dockerfile", [("port", Port), ("module", module)]),
        };
        if (entryPoints?.Scripts.FirstOrDefault(x => x.EndsWith("-manage", StringComparison.Ordinal)) is { } manage)
            files[ImageContract.Name] = Fill(ImageContract.Name, [("manage", manage)]);
        return files;
    }

    string Port => YamlFile.Read(Read("ports.yaml"), "ports.yaml", []) is YamlMapping ports
        && ports.Entries.FirstOrDefault(x => x.Key.Value == service).Value is YamlScalar port ? port.Value : AnyPort;

    string Fill(string name, IEnumerable<(string Name, string Value)> values) => values
        .Prepend(("Service", char.ToUpperInvariant(service[0]) + service[1..]))
        .Prepend(("service", service))
        .Aggregate(Read(name), (text, x) => text.Replace($"@{x.Item1}@", x.Item2, StringComparison.Ordinal));

    string Read(string name) => Utf8File.Read(directory / name, $"build/Catalog/templates/{name}");
}
