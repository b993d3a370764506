using System.Globalization;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Tests.Sources;

/// <summary>
/// Histories to make patches of, one for each number: a base, some commits on it, and what has become of the base
/// meanwhile. The same number makes the same one. No line is there twice, so that nothing is the same change by chance.
/// </summary>
sealed class PatchedHistory(int number)
{
    const string File = "100644";
    const string Executable = "100755";
    const string Link = "120000";

    static readonly string[] s_names =
        ["a.py", "b c.py", "caf\u00e9.txt", "q\"uote.txt", "t\tab.txt", "deep/er/x.cfg", "deep/y.rst", "data/z.bin",
        "#hash", "-dash.txt", "UPPER.TXT", "new.orig"];

    static readonly string[][] s_renames = [["--no-renames"], ["-M"], ["-M", "-C", "--find-copies-harder"]];

    readonly Random _random = new(number);
    SortedDictionary<string, (string Mode, byte[] Contents)> _tree = new(StringComparer.Ordinal);
    int _unique;

    /// <summary>Branches <c>base/N</c>, <c>series/N</c> and <c>drift/N</c> of a repository.</summary>
    public async Task WriteAsync(Stream stream)
    {
        MakeBase();
        await CommitAsync(stream, $"base/{number}", null, "Base");
        var @base = new SortedDictionary<string, (string, byte[])>(_tree, StringComparer.Ordinal);
        for (var i = _random.Next(1, 6); i > 0; i--)
        {
            for (var j = _random.Next(1, 4); j > 0; j--) Change(isDrift: false);
            await CommitAsync(stream, $"series/{number}", $"base/{number}",
                $"Change \u00e9 {Unique()}\n\nCloses-Bug: #{1_000_000 + _unique}\n");
        }

        _tree = @base;
        for (var i = Math.Max(0, _random.Next(9) - 2); i > 0; i--) Change(isDrift: true);
        await CommitAsync(stream, $"drift/{number}", $"base/{number}", "Drift");
    }

    /// <summary>
    /// Writes the series as files that hold one mail or several, with options of git's that differ from series to
    /// series.
    /// </summary>
    public async Task FormatAsync(AbsolutePath repository, AbsolutePath directory)
    {
        Directory.CreateDirectory(directory);
        string[] options =
        [
            .. s_renames[_random.Next(s_renames.Length)],
            $"-U{_random.Next(1, 6)}",
            .. (string[])(_random.Next(2) == 0 ? ["--full-index"] : []),
            .. (string[])(_random.Next(3) == 0 ? ["--no-signature"] : []),
        ];
        var commits = (await GitAsync(repository, "rev-list", "--reverse", $"base/{number}..series/{number}")).Lines;
        for (var i = 0; i < commits.Count;)
        {
            var count = _random.Next(1, commits.Count - i + 1);
            var patch = new Command("git",
                ["-C", repository, "format-patch", "-q", "--stdout", .. options,
                $"{commits[i]}^..{commits[i + count - 1]}"]) with
            {
                OutputReader = async (stream, token) =>
                {
                    await using var file = System.IO.File.Create(directory / $"{i + 1:d4}-x.patch");
                    await stream.CopyToAsync(file, token);
                },
            };
            await patch.RequireAsync();
            i += count;
        }
    }

    static Task<CommandResult> GitAsync(AbsolutePath repository, params string[] arguments) =>
        new Command("git", ["-C", repository, .. arguments]).RequireAsync();

    void MakeBase()
    {
        foreach (var name in s_names.Take(9))
        {
            var isBinary = name.EndsWith(".bin", StringComparison.Ordinal);
            _tree[name] = (_random.Next(5) == 0 ? Executable : File, isBinary ? Bytes() : Text(_random.Next(8, 50)));
        }

        _tree["link"] = (Link, "deep/er/x.cfg"u8.ToArray());
        _tree["deep/link"] = (Link, "y.rst"u8.ToArray());
        _tree["empty"] = (File, []);
    }

    void Change(bool isDrift)
    {
        var names = _tree.Keys.ToList();
        var name = names[_random.Next(names.Count)];
        var (mode, contents) = _tree[name];
        var isText = mode != Link && !contents.Contains((byte)0);
        switch (_random.Next(isDrift ? 8 : 14))
        {
            case 0 or 1 or 2 or 3 when isText: _tree[name] = (mode, Edit(contents, isDrift)); break;
            case 4:
                _tree[name] = mode == Link
                    ? (Link, Encoding.UTF8.GetBytes($"there{Unique()}"))
                    : (mode == File ? Executable : File, contents);
                break;
            case 5 when names.Count > 6: _tree.Remove(name); break;
            case 6:
                var made = $"{Unique()} {s_names[_random.Next(s_names.Length)].Replace('/', '_')}";
                _tree[_random.Next(2) == 0 ? $"deep/{made}" : made] = (File, Text(_random.Next(0, 12)));
                break;
            case 7 when mode != Link: _tree[name] = (mode, Bytes()); break;
            case 8 or 9:
                _tree.Remove(name);
                var moved = $"{name[..(name.LastIndexOf('/') + 1)]}moved{Unique()}";
                _tree[moved] = (mode, isText && _random.Next(2) == 0 ? Edit(contents, false) : contents);
                break;
            case 10 when mode != Link:
                _tree[$"copy{Unique()}"] = (mode, isText ? Edit(contents, false) : contents);
                break;
            case 11: _tree[$"link{Unique()}"] = (Link, Encoding.UTF8.GetBytes(name)); break;
            case 12 when isText:
                _tree[name] = (mode, contents is [.., (byte)'\n'] ? contents[..^1] : [.. contents, (byte)'\n']);
                break;
            case 13:
                _tree[name] = mode == Link ? (File, Text(3)) : (Link, Encoding.UTF8.GetBytes($"type{Unique()}"));
                break;
            default: _tree[$"made{Unique()}"] = (File, _random.Next(4) == 0 ? [] : Text(_random.Next(1, 9))); break;
        }
    }

    /// <summary>Replaces, inserts or removes a few lines; what happens meanwhile mostly happens above.</summary>
    byte[] Edit(byte[] contents, bool isDrift)
    {
        var lines = Encoding.Latin1.GetString(contents).Split('\n').ToList();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var at = isDrift && _random.Next(2) > 0 ? 0 : _random.Next(lines.Count);
            switch (isDrift && at == 0 ? 1 : _random.Next(3))
            {
                case 0: lines[at] = $"{Unique()} changed"; break;
                case 1: lines.Insert(at, $"{Unique()} new"); break;
                default: if (lines.Count > 1) lines.RemoveAt(at); break;
            }
        }

        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    /// <summary>
    /// Lines of its own, in one of the ways that files have them: LF or CRLF, UTF-8 or Latin-1, an end of line or none.
    /// </summary>
    byte[] Text(int lines)
    {
        var end = _random.Next(6) == 0 ? "\r\n" : "\n";
        var word = _random.Next(4) switch { 0 => "caf\u00e9", 1 => "caf\u00c3\u00a9", _ => "word" };
        var text = string.Concat(Enumerable.Range(0, lines).Select(_ => $"{Unique()} {word}{end}"));
        return Encoding.Latin1.GetBytes(_random.Next(5) == 0 ? text.TrimEnd() : text);
    }

    byte[] Bytes()
    {
        var bytes = new byte[_random.Next(1, 300)];
        _random.NextBytes(bytes);
        return [0, .. bytes];
    }

    string Unique() => string.Create(CultureInfo.InvariantCulture, $"{number}.{++_unique}");

    async Task CommitAsync(Stream stream, string branch, string? from, string message)
    {
        var isFirst = from is not null && _first.Add(branch);
        await WriteAsync(stream, $"commit refs/heads/{branch}\ncommitter A <a@example.org> 1700000000 +0000\n");
        await WriteDataAsync(stream, Encoding.UTF8.GetBytes(message));
        if (isFirst) await WriteAsync(stream, $"from refs/heads/{from}\n");
        await WriteAsync(stream, "deleteall\n");
        foreach (var (name, (mode, contents)) in _tree)
        {
            var quoted = name.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
            await WriteAsync(stream, $"M {mode} inline \"{quoted}\"\n");
            await WriteDataAsync(stream, contents);
        }
    }

    readonly HashSet<string> _first = new(StringComparer.Ordinal);

    static async Task WriteDataAsync(Stream stream, byte[] data)
    {
        await WriteAsync(stream, $"data {data.Length}\n");
        await stream.WriteAsync(data);
        await WriteAsync(stream, "\n");
    }

    static async Task WriteAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
}
