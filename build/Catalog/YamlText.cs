using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>
/// The text of a YAML file whose root is a mapping in block style, edited entry by entry: whatever is not touched stays
/// as it is, comments, order and line ends included.
/// </summary>
/// <param name="file">The file's name in messages.</param>
sealed class YamlText(string text, string file)
{
    readonly string _lineEnd = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
    readonly List<string> _lines = text.Length == 0
        ? []
        : [.. (text.EndsWith('\n') ? text[..^1] : text).Split('\n').Select(x => x.TrimEnd('\r'))];

    /// <summary>A text in double quotes (YAML 1.2.2, section 7.3.1).</summary>
    /// <param name="value">Without control characters.</param>
    public static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    public IReadOnlyList<string> Keys => [.. Entries().Select(x => x.Key.Value)];

    /// <summary>Adds an entry behind the last of those that may stand before it, or at the end.</summary>
    /// <param name="entry">Its lines, the key in the first.</param>
    /// <param name="isBefore">By key, whether an entry belongs before the new one; null for all of them.</param>
    public YamlText Add(string entry, Func<string, bool>? isBefore = null)
    {
        var entries = Entries();
        var last = Enumerable.Range(0, entries.Count)
            .LastOrDefault(i => isBefore?.Invoke(entries[i].Key.Value) ?? true, entries.Count - 1);
        var at = last < 0 ? _lines.Count : EndOf(entries, last);
        var lines = entry.TrimEnd('\n').Split('\n').ToList();
        // Entries of several lines are kept apart by blank ones.
        if (lines.Count > 1 && at > 0 && _lines[at - 1].Length > 0) lines.Insert(0, "");
        if (lines.Count > 1 && at < _lines.Count && _lines[at].Length > 0) lines.Add("");
        _lines.InsertRange(at, lines);
        return this;
    }

    /// <summary>Removes an entry, and the comment right above it where that is about nothing else.</summary>
    public YamlText Remove(string key)
    {
        var entries = Entries();
        var index = entries.FindIndex(x => x.Key.Value == key);
        var (start, end) = (entries[index].Key.Line - 1, EndOf(entries, index));
        var isAlone = end == _lines.Count || _lines[end].Length == 0;
        var above = start;
        while (above > 0 && _lines[above - 1].StartsWith('#')) above--;
        if (isAlone && above > 0) start = above;
        _lines.RemoveRange(start, end - start);
        if (start > 0 && _lines[start - 1].Length == 0 && (start == _lines.Count || _lines[start].Length == 0))
            _lines.RemoveAt(start - 1);
        return this;
    }

    public override string ToString() => string.Concat(_lines.Select(x => x + _lineEnd));

    List<(YamlScalar Key, YamlNode Value)> Entries()
    {
        var problems = new List<Problem>();
        var root = YamlFile.Read(ToString(), file, problems);
        // A file in which nothing is left but comments can be added to.
        if (_lines.All(x => x.Trim() is "" or ['#', ..])) return [];
        ProblemException.ThrowIfAny(problems);
        if (root is not YamlMapping mapping || mapping.Entries.Any(x => x.Key.Column != 1))
            throw new ProblemException(new Problem("the file cannot be edited", file, root!.Line, root.Column,
                "one entry per line, from the first column on"));
        return [.. mapping.Entries];
    }

    /// <summary>
    /// The line after the last one of an entry: comments and blank lines before the next one are not part of it.
    /// </summary>
    int EndOf(List<(YamlScalar Key, YamlNode Value)> entries, int index)
    {
        var end = index + 1 < entries.Count ? entries[index + 1].Key.Line - 1 : _lines.Count;
        while (_lines[end - 1].Length == 0 || _lines[end - 1].StartsWith('#')) end--;
        return end;
    }
}
