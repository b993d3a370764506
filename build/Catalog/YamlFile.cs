using OpenStack.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OpenStack.Catalog;

/// <summary>
/// Reads the subset of YAML that a catalog needs: one document of mappings, lists and scalars, without anchors, aliases
/// and tags. It works on the parser's events, because a reflecting deserializer knows no positions and costs the start
/// of every run.
/// </summary>
sealed class YamlFile
{
    const int DeepestNesting = 16;

    readonly string _name;
    readonly List<Problem> _problems;
    readonly Scanner _scanner;
    readonly Parser _parser;

    YamlFile(string text, string name, List<Problem> problems)
    {
        (_name, _problems) = (name, problems);
        _scanner = new Scanner(new StringReader(text), skipComments: true);
        _parser = new Parser(_scanner);
    }

    /// <summary>The root of the document; null when <paramref name="problems"/> says why there is none.</summary>
    /// <param name="name">The file's name in messages.</param>
    public static YamlNode? Read(string text, string name, List<Problem> problems)
    {
        var file = new YamlFile(text, name, problems);
        try
        {
            return file.ReadRoot();
        }
        catch (YamlException e)
        {
            problems.Add(SyntaxProblem(text, name, e.Start, e.Message));
        }
        catch (Exception e)
            when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // YamlDotNet's scanner gives up on some broken files in this way.
            problems.Add(SyntaxProblem(text, name, file._scanner.CurrentPosition, "it is broken here"));
        }

        return null;
    }

    YamlNode? ReadRoot()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _)) return Refuse(1, 1, "the file is empty", expected: "a mapping");
        _parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<DocumentStart>(out var second)
            ? Refuse(second.Start, "there is a second document", remedy: "Remove the line '---' and what follows")
            : root;
    }

    YamlNode? ReadNode(int depth)
    {
        var next = _parser.Consume<ParsingEvent>();
        if (depth > DeepestNesting) throw new YamlException(next.Start, next.End, "nested too deeply");
        var plain = next is not NodeEvent node || (node.Anchor.IsEmpty && (node.Tag.IsEmpty || node.Tag.IsNonSpecific));
        if (!plain || next is AnchorAlias)
        {
            Refuse(next.Start, "anchors (&), aliases (*) and tags (!) are not used here",
                remedy: "Write the value out");
            if (next is AnchorAlias) return null;
        }

        return next switch
        {
            Scalar x => new YamlScalar(x.Value, x.Style == ScalarStyle.Plain, (int)x.Start.Line, (int)x.Start.Column),
            SequenceStart x => ReadSequence(x, depth),
            MappingStart x => ReadMapping(x, depth),
            _ => throw new YamlException(next.Start, next.End, "unexpected end"),
        };
    }

    YamlSequence ReadSequence(SequenceStart start, int depth)
    {
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            if (ReadNode(depth + 1) is { } item) items.Add(item);
        return new YamlSequence(items, (int)start.Start.Line, (int)start.Start.Column);
    }

    YamlMapping ReadMapping(MappingStart start, int depth)
    {
        var entries = new List<(YamlScalar, YamlNode)>();
        var keys = new Dictionary<string, YamlScalar>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            // Null is refused already.
            if (key is null) continue;
            if (key is not YamlScalar scalar)
                Refuse(key.Line, key.Column, "a list or mapping stands where a key belongs");
            else if (!keys.TryAdd(scalar.Value, scalar))
                Refuse(scalar.Line, scalar.Column,
                    $"'{scalar.Value}' is there twice, first in line {keys[scalar.Value].Line}",
                    remedy: "Remove one of them");
            else if (value is not null) entries.Add((scalar, value));
        }

        return new YamlMapping(entries, (int)start.Start.Line, (int)start.Start.Column);
    }

    YamlNode? Refuse(Mark at, string found, string? expected = null, string? remedy = null) =>
        Refuse((int)at.Line, (int)at.Column, found, expected, remedy);

    YamlNode? Refuse(int line, int column, string found, string? expected = null, string? remedy = null)
    {
        _problems.Add(new Problem(found, _name, line, column, expected, remedy));
        return null;
    }

    /// <summary>YamlDotNet says where a token went wrong; the usual reason, a tab, is said in our words.</summary>
    static Problem SyntaxProblem(string text, string name, Mark at, string message)
    {
        var (line, column) = ((int)at.Line, (int)at.Column);
        var tab = text.Split('\n').Select((x, i) => (Line: i + 1, Indent: x[..(x.Length - x.TrimStart().Length)]))
            .FirstOrDefault(x => x.Line >= line && x.Indent.TrimEnd('\r').Contains('\t'));
        if (tab.Indent is not null)
            return new Problem("a tab indents the line", name, tab.Line, tab.Indent.IndexOf('\t') + 1, "spaces",
                "Replace the tab by spaces");
        var reason = message[(message.LastIndexOf("): ", StringComparison.Ordinal) is var i and >= 0
            ? i + 3
            : 0)..].TrimEnd('.');
        return new Problem($"this is not YAML: {reason}", name, line, column);
    }
}
