using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// A file like <c>setup.cfg</c> as Python's configparser reads it, which PBR and setuptools do: options know no case
/// and are set by <c>=</c> or <c>:</c>; what is indented deeper goes on with the value; comments are lines of their
/// own; nothing is there twice.
/// </summary>
sealed class IniFile
{
    /// <summary>Its options count in every section.</summary>
    const string Default = "DEFAULT";

    readonly Dictionary<string, Dictionary<string, List<string>>> _sections =
        new(StringComparer.Ordinal) { [Default] = [] };
    readonly string _file;

    IniFile(string file) => _file = file;

    /// <summary>An empty one where there is no such file.</summary>
    /// <exception cref="ProblemException">Configparser would not read it.</exception>
    public static IniFile Read(AbsolutePath file)
    {
        var ini = new IniFile(file);
        if (File.Exists(file)) ini.Parse(Utf8File.Read(file, file));
        return ini;
    }

    /// <summary>The lines of an option, the first of them behind its name; none where it is not set.</summary>
    public IReadOnlyList<string> Lines(string section, string option) =>
        _sections.GetValueOrDefault(section)?.GetValueOrDefault(option)
        ?? _sections[Default].GetValueOrDefault(option)
        ?? [];

    /// <summary>The value of an option of one line; null where it is not set, or empty.</summary>
    public string? Text(string section, string option) =>
        string.Join('\n', Lines(section, option)).Trim() is { Length: > 0 } text ? text : null;

    void Parse(string text)
    {
        Dictionary<string, List<string>>? section = null;
        List<string>? value = null;
        var indentation = 0;
        foreach (var (i, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            var content = line.Trim();
            if (content is [] or ['#' or ';', ..])
            {
                if (content.Length == 0) value?.Add("");
                continue;
            }

            var depth = line.Length - line.TrimStart().Length;
            if (value is not null && depth > indentation)
            {
                value.Add(content);
                continue;
            }

            indentation = depth;
            if (content[0] == '[' && content.LastIndexOf(']') is var end and > 1) (section, value)
                = (Section(content[1..end], i), null);
            else value = Option(section ?? throw Wrong(i, $"'{content}' is in no section"), content, i);
        }
    }

    Dictionary<string, List<string>> Section(string name, int line)
    {
        if (name == Default) return _sections[Default];
        return _sections.TryAdd(name, []) ? _sections[name] : throw Wrong(line, $"section [{name}] is there twice");
    }

    List<string> Option(Dictionary<string, List<string>> section, string content, int line)
    {
        var set = content.IndexOfAny(['=', ':']);
        if (set <= 0) throw Wrong(line, $"'{content}' sets nothing");
        var (name, value) = (content[..set].TrimEnd().ToLowerInvariant(),
            new List<string> { content[(set + 1)..].Trim() });
        return section.TryAdd(name, value) ? value : throw Wrong(line, $"'{name}' is set twice");
    }

    ProblemException Wrong(int line, string found) =>
        new(new Problem(found, _file, line + 1, 1, "what Python's configparser reads"));
}
