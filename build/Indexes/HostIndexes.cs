using OpenStack.Diagnostics;
using OpenStack.Sources;
using OpenStack.Storage;
using Tomlyn;
using Tomlyn.Model;

namespace OpenStack.Indexes;

/// <summary>
/// The indexes that this machine names: uv's variables (docs.astral.sh, "Environment variables"), <c>uv.toml</c> of the
/// user and of the machine, pip's variables, <c>pip.conf</c> likewise. Of each kind the first of these counts that
/// names any.
/// </summary>
/// <param name="Further">Asked first, with what names each.</param>
/// <param name="Default">Null where none is named.</param>
public sealed record HostIndexes(
    IReadOnlyList<(string Text, string From)> Further, (string Text, string From)? Default)
{
    public static HostIndexes None { get; } = new([], null);

    /// <summary>Whether there is one.</summary>
    public bool Any => Further.Count > 0 || Default is not null;

    /// <param name="system">Where the machine's own configuration is, <c>/etc</c>.</param>
    /// <exception cref="ProblemException">A file cannot be read as what it is.</exception>
    public static HostIndexes Read(Func<string, string?> variable, string system = "/etc")
    {
        IReadOnlyList<HostIndexes> places =
        [
            OfVariables(variable, "UV_INDEX UV_EXTRA_INDEX_URL", "UV_DEFAULT_INDEX UV_INDEX_URL"),
            .. UvFiles(variable, system).Where(File.Exists).Select(OfUv),
            OfVariables(variable, "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"),
            .. PipFiles(variable, system).Where(File.Exists).Select(OfPip),
        ];
        return new HostIndexes(places.FirstOrDefault(x => x.Further.Count > 0)?.Further ?? [],
            places.FirstOrDefault(x => x.Default is not null)?.Default);
    }

    static HostIndexes OfVariables(Func<string, string?> variable, string further, string last)
    {
        List<(string, string)> First(string names) => names.Split(' ')
            .Select(x => WordsOf(variable(x)).Select(y => (y, x)).ToList()).FirstOrDefault(x => x.Count > 0) ?? [];
        return new HostIndexes(First(further), First(last) is [var named, ..] ? named : null);
    }

    static IEnumerable<string> UvFiles(Func<string, string?> variable, string system) =>
    [
        .. variable("UV_CONFIG_FILE") is { Length: > 0 } named ? new[] { named } : [],
        Path.Combine(ConfigurationOf(variable), "uv", "uv.toml"), Path.Combine(system, "uv", "uv.toml"),
    ];

    /// <summary>Those of pip, "Configuration files"; the first of them wins.</summary>
    static IEnumerable<string> PipFiles(Func<string, string?> variable, string system) =>
    [
        .. variable("PIP_CONFIG_FILE") is { Length: > 0 } named ? new[] { named } : [],
        Path.Combine(ConfigurationOf(variable), "pip", "pip.conf"),
        Path.Combine(variable("HOME") ?? "", ".pip", "pip.conf"), Path.Combine(system, "pip.conf"),
    ];

    static string ConfigurationOf(Func<string, string?> variable) =>
        variable("XDG_CONFIG_HOME") is { Length: > 0 } named ? named
            : Path.Combine(variable("HOME") ?? "", ".config");

    /// <summary>
    /// uv, "Settings": <c>[[index]]</c>, and what there was before it, at the top or for <c>uv pip</c>.
    /// </summary>
    static HostIndexes OfUv(string file)
    {
        TomlTable toml;
        try
        {
            toml = TomlSerializer.Deserialize<TomlTable>(Utf8File.Read(file, file))!;
        }
        catch (TomlException e)
        {
            throw new ProblemException(new Problem($"it is no TOML: {e.Message.TrimEnd('.')}", file,
                Remedy: "Correct it, or leave out --host-indexes"), e);
        }

        var tables = new[] { toml, toml.TryGetValue("pip", out var pip) ? pip as TomlTable : null }
            .OfType<TomlTable>().ToList();
        IEnumerable<string> Texts(string name) => tables.SelectMany(x =>
            x.TryGetValue(name, out var value) ? value is TomlArray all ? all.OfType<string>()
                : value is string one ? [one] : [] : []);
        var named = toml.TryGetValue("index", out var indexes) && indexes is TomlTableArray list ? list.ToList() : [];
        static object? Of(TomlTable x, string name) => x.TryGetValue(name, out var value) ? value : null;
        static string TextOf(TomlTable x) => Of(x, "name") is { } name ? $"{name}={Of(x, "url")}" : $"{Of(x, "url")}";
        static bool IsDefault(TomlTable x) => Of(x, "default") is true;
        var last = named.Where(IsDefault).Select(TextOf).Concat(Texts("index-url")).FirstOrDefault();
        return new HostIndexes(
            [.. named.Where(x => !IsDefault(x)).Select(TextOf).Concat(Texts("extra-index-url")).Select(x => (x, file))],
            last is null ? null : (last, file));
    }

    static HostIndexes OfPip(string file)
    {
        var ini = IniFile.Read(file);
        IReadOnlyList<string> Lines(string option) => ini.Lines("install", option) is { Count: > 0 } own ? own
            : ini.Lines("global", option);
        return new HostIndexes([.. Lines("extra-index-url").SelectMany(WordsOf).Select(x => (x, file))],
            Lines("index-url").SelectMany(WordsOf).FirstOrDefault() is { } last ? (last, file) : null);
    }

    static string[] WordsOf(string? text) => (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
