using System.Text;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Lab;

/// <summary>
/// A source tree made of binary packages, for a component whose source archive the mirror does not hold: the Python
/// modules with their data, and the files that PBR makes the same metadata from again. Tests, tools and documentation
/// that only the archive holds are not in it.
/// </summary>
static class RebuiltSource
{
    const string SetupPy = "import setuptools\n\nsetuptools.setup(setup_requires=['pbr>=2.0.0'], pbr=True)\n";

    /// <summary>Writes the new directory <paramref name="tree"/>.</summary>
    /// <param name="packages">The binary packages; the first one holds the modules.</param>
    /// <exception cref="ProblemException">They do not hold what <paramref name="source"/> says.</exception>
    public static async Task<ReleasedTree> MakeAsync(
        SourceData source, IReadOnlyList<AbsolutePath> packages, AbsolutePath tree, CancellationToken cancellation)
    {
        var contents = await Task.WhenAll(packages.Select(async x =>
            await DebContent.ReadAsync(await DebPackage.ReadAsync(x, cancellation), cancellation)));
        var metadata = InstalledMetadata.Directories(contents[0]) is [var single]
            ? InstalledMetadata.Read(contents[0], single)
            : null;
        if (metadata is null)
            throw new ProblemException($"{source.RebuiltFrom[0]} does not hold one Python distribution",
                "Correct the laboratory's lab.yaml");

        var files = new DebTree(contents);
        bool IsOwn(string path) =>
            !InstalledMetadata.Holds(path) && !source.Without.Contains(path.Split('/')[0]);
        foreach (var (path, file) in contents[0].Modules.Where(x => IsOwn(x.Key)))
            await WriteAsync(tree / path, file, cancellation);
        foreach (var (path, place) in source.Files)
        {
            var file = files.Below(place).GetValueOrDefault("")
                ?? throw new ProblemException($"No package that {source.Component} is rebuilt from holds '{place}'",
                    "Correct the laboratory's lab.yaml");
            await WriteAsync(tree / path, file, cancellation);
        }

        var modules = contents[0].Modules.Keys.Where(IsOwn)
            .Select(x => x.Split('/')[0])
            .Distinct()
            .Order(StringComparer.Ordinal);
        foreach (var (name, text) in (IEnumerable<(string, string)>)
        [
            ("setup.py", SetupPy),
            ("setup.cfg", SetupCfg(metadata, [.. modules], [.. source.Files.Keys.Order(StringComparer.Ordinal)])),
            ("requirements.txt", Lines(metadata.Core.Requirements.Where(x => !IsOptional(x)))),
            ("README.rst", metadata.Core.Description),
        ]) await WriteAsync(tree / name, new DebFile(Encoding.UTF8.GetBytes(text), isExecutable: false), cancellation);
        return new ReleasedTree(tree, WheelVersion.Clean(metadata.Core.Version), contents[0].Newest);
    }

    /// <summary>PBR's configuration: where the metadata of the distribution came from once.</summary>
    static string SetupCfg(InstalledMetadata metadata, IReadOnlyList<string> modules, IReadOnlyList<string> files)
    {
        var text = new StringBuilder("[metadata]\n").Append("name = ").Append(metadata.Core.Name).Append('\n');
        foreach (var (key, field) in new[]
        {
            ("summary", "Summary"), ("author", "Author"), ("author_email", "Author-email"), ("home_page", "Home-page"),
            ("python_requires", "Requires-Python"),
        })
        {
            if (metadata.Core.All(field).FirstOrDefault() is { } value)
                text.Append(key).Append(" = ").Append(value).Append('\n');
        }

        text.Append("description_file = README.rst\n\n[files]\n");
        Key("packages", modules.Where(x => !x.EndsWith(".py", StringComparison.Ordinal)));
        Key("modules", modules.Where(x => x.EndsWith(".py", StringComparison.Ordinal)).Select(x => x[..^3]));
        Key("scripts", files.Where(IsScript));
        Key("data_files", files.Where(x => !IsScript(x)).Select(x => $"{Path.GetDirectoryName(x)} = {x}"));
        text.Append("\n[extras]\n");
        foreach (var extra in metadata.Core.All("Provides-Extra"))
            Key(extra, metadata.Core.Requirements.Select(x => OfExtra(x, extra)).OfType<string>());
        text.Append("\n[entry_points]\n");
        foreach (var (group, entries) in EntryPoints(metadata.EntryPoints)) Key(group, entries);
        return text.ToString();

        void Key(string name, IEnumerable<string> lines)
        {
            var all = lines.ToList();
            if (all.Count > 0) text.Append(name).Append(" =\n").Append(Lines(all.Select(x => "    " + x)));
        }
    }

    /// <summary>PBR installs these into <c>bin</c> of the environment; entry points are not among them.</summary>
    static bool IsScript(string path) => path.StartsWith("bin/", StringComparison.Ordinal);

    static bool IsOptional(string requirement) => Requirement.TryParse(requirement, out _) is { IsOptional: true };

    /// <summary>
    /// The requirement as PBR wants it below the extra, <c>name>=1:marker</c>; null if it is not the extra's.
    /// </summary>
    static string? OfExtra(string text, string extra)
    {
        if (Requirement.TryParse(text, out _) is not { Marker: { } marker } requirement) return null;
        List<Marker> conditions = marker is MarkerList { IsAnd: true } list ? [.. list.Parts] : [marker];
        if (conditions.RemoveAll(x => x is MarkerComparison comparison && comparison.IsOfExtra(extra)) == 0)
            return null;
        return (requirement with { Marker = null }).ToString()
            + (conditions.Count > 0 ? $":{(conditions is [var only] ? only : new MarkerList(true, conditions))}" : "");
    }

    /// <summary>Groups and their entries, in the order of <c>entry_points.txt</c>.</summary>
    static List<(string Group, List<string> Entries)> EntryPoints(byte[]? file)
    {
        var groups = new List<(string Group, List<string> Entries)>();
        foreach (var line in Encoding.UTF8.GetString(file ?? []).Split('\n').Select(x => x.Trim()))
        {
            if (line.StartsWith('[') && line.EndsWith(']')) groups.Add((line[1..^1], []));
            else if (line.Length > 0 && !line.StartsWith('#') && groups.Count > 0) groups[^1].Entries.Add(line);
        }

        return groups;
    }

    static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(x => x + "\n"));

    static async Task WriteAsync(AbsolutePath path, DebFile file, CancellationToken cancellation)
    {
        Directory.CreateDirectory(path.Parent!);
        await File.WriteAllBytesAsync(path, file.Bytes, cancellation);
        if (file.IsExecutable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
    }
}
