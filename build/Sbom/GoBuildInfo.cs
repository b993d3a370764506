using System.Text;

namespace OpenStack.Sbom;

/// <summary>A Go module that is in a program.</summary>
/// <param name="Path">Module path.</param>
/// <param name="Version">As the module has it, <c>v1.2.3</c>; empty where nobody knows.</param>
/// <param name="Sum">Its sum as in <c>go.sum</c>, <c>h1:…</c>; empty of the main module.</param>
/// <param name="Replaced">The module that it is instead of; null where it is itself.</param>
sealed record GoModule(string Path, string Version, string Sum, string? Replaced = null);

/// <summary>
/// What the Go linker has written into a program of how it was built (package debug/buildinfo; go.dev, "Go Modules
/// Reference", "Version control information").
/// </summary>
/// <param name="Version">Of Go: <c>go1.26.0</c>.</param>
/// <param name="Package">The main package; empty where nobody knows.</param>
/// <param name="Main">Its module; null where there is none.</param>
/// <param name="Modules">All others that have packages in it.</param>
/// <param name="Settings">How it was built: <c>-trimpath</c>, <c>CGO_ENABLED</c>, <c>vcs.revision</c>.</param>
sealed record GoBuildInfo(string Version, string Package, GoModule? Main, IReadOnlyList<GoModule> Modules,
    IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>Of the standard library, as the database of Go's vulnerabilities calls it.</summary>
    public GoModule StandardLibrary => new("stdlib", Version.StartsWith("go", StringComparison.Ordinal)
        ? Version[2..].Split(' ')[0] : Version, "");

    /// <param name="version">Of Go.</param>
    /// <param name="text">The lines of the main package, modules and settings.</param>
    public static GoBuildInfo Parse(string version, string text)
    {
        var (package, main) = ("", (GoModule?)null);
        var modules = new List<GoModule>();
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var words in text.Split('\n').Select(x => x.Split('\t')))
        {
            switch (words)
            {
                case ["path", var path]:
                    package = path;
                    break;
                case ["mod", var path, ..]:
                    main = new GoModule(path, words.ElementAtOrDefault(2) ?? "", words.ElementAtOrDefault(3) ?? "");
                    break;
                case ["dep", var path, ..]:
                    modules.Add(new GoModule(path, words.ElementAtOrDefault(2) ?? "",
                        words.ElementAtOrDefault(3) ?? ""));
                    break;
                // A directory that stands for a module is no other one, and has no version.
                case ["=>", ['.' or '/', ..], ..] when modules.Count > 0:
                    modules[^1] = modules[^1] with { Version = "", Sum = "" };
                    break;
                case ["=>", var path, ..] when modules.Count > 0:
                    modules[^1] = new GoModule(path, words.ElementAtOrDefault(2) ?? "",
                        words.ElementAtOrDefault(3) ?? "", modules[^1].Path);
                    break;
                case ["build", var setting] when setting.IndexOf('=') is var sign and > 0:
                    settings[setting[..sign]] = setting[(sign + 1)..];
                    break;
            }
        }

        return new GoBuildInfo(version, package, main, modules, settings);
    }

    /// <summary>A text of bytes; what is no UTF-8 is replaced.</summary>
    public static GoBuildInfo Parse(ReadOnlySpan<byte> version, ReadOnlySpan<byte> text) =>
        Parse(Encoding.UTF8.GetString(version), Encoding.UTF8.GetString(text));
}
