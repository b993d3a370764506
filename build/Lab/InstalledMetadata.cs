using System.Text;
using System.Text.RegularExpressions;
using OpenStack.Packages;

namespace OpenStack.Lab;

/// <summary>What a package says of one Python distribution in it (<c>*.egg-info</c>, <c>*.dist-info</c>).</summary>
/// <param name="Core">Requirements and extras in the form of a wheel's.</param>
/// <param name="EntryPoints">The file <c>entry_points.txt</c>.</param>
sealed partial record InstalledMetadata(CoreMetadata Core, byte[]? EntryPoints)
{
    /// <summary>The metadata directories among the modules, one per distribution.</summary>
    public static List<string> Directories(DebContent content) =>
    [
        .. content.Modules.Keys.Concat(content.Links.Keys.Select(DebContent.ModulePath).OfType<string>())
            .Select(x => Within().Match(x))
            .Where(x => x.Success)
            .Select(x => x.Groups[1].Value)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Whether a module's path is in a metadata directory.</summary>
    public static bool Holds(string path) => Within().IsMatch(path);

    /// <summary>Null when the directory holds no metadata.</summary>
    public static InstalledMetadata? Read(DebContent content, string directory)
    {
        string? Text(string file) =>
            content.Modules.TryGetValue(file, out var found) ? Encoding.UTF8.GetString(found.Bytes) : null;
        var egg = directory.EndsWith(".egg-info", StringComparison.Ordinal);
        // Old eggs are a single file.
        var text = egg ? Text($"{directory}/PKG-INFO") ?? Text(directory) : Text($"{directory}/METADATA");
        if (text is null) return null;
        var core = CoreMetadata.Parse(text);
        if (egg) core.AddFromEgg(Text($"{directory}/requires.txt") ?? "");
        return new InstalledMetadata(core, content.Modules.GetValueOrDefault($"{directory}/entry_points.txt")?.Bytes);
    }

    [GeneratedRegex(@"^([^/]+\.(?:dist|egg)-info)(?:/|$)")]
    private static partial Regex Within();
}
