using System.Globalization;
using System.Text.RegularExpressions;
using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>
/// What the readers of the catalog's YAML files have in common: mappings of known keys, lists of text, and where a
/// mistake is.
/// </summary>
public abstract class YamlReader
{
    private protected YamlReader(string file, List<Problem> problems) => (File, Problems) = (file, problems);

    /// <summary>The file's name in messages.</summary>
    private protected string File { get; }

    private protected List<Problem> Problems { get; }

    private protected YamlNode? ReadRoot(string text) => YamlFile.Read(text, File, Problems);

    /// <summary>The entries of a mapping; none, and a problem, where it is something else.</summary>
    /// <param name="node">Null when it could not be read, which is a problem already.</param>
    /// <param name="what">What is mapped to what, for a message.</param>
    private protected IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries(YamlNode? node, string what)
    {
        if (node is YamlMapping mapping) return mapping.Entries;
        if (node is not null) Report(node, $"there is {node.Kind}", $"a mapping of {what}");
        return [];
    }

    /// <summary>
    /// The entries of a mapping of components; a component that the release does not have is a problem.
    /// </summary>
    /// <param name="components">The components of the release; none when they are not known.</param>
    private protected IEnumerable<(string Component, YamlScalar Key, YamlNode Value)> Components(YamlNode? root,
        string what, IEnumerable<string> components)
    {
        var known = components.ToHashSet(StringComparer.Ordinal);
        foreach (var (key, value) in Entries(root, what))
        {
            if (Check(Names.Component, key.Value, key) && known.Count > 0 && !known.Contains(key.Value))
            {
                Report(key, $"'{key.Value}' is not in {SourceRefsFile.Name} of this release",
                    remedy: Suggest.DidYouMean(key.Value, known,
                        $"Add it to {SourceRefsFile.Name}, or remove it here"));
            }

            yield return (key.Value, key, value);
        }
    }

    /// <summary>The items of a list of text that are as they must be, each once.</summary>
    private protected List<T> Items<T>(YamlNode node, Func<string, YamlScalar, T?> parse, Func<T, string> identity)
        where T : class
    {
        var items = new List<T>();
        if (node is not YamlSequence sequence)
        {
            Report(node, $"there is {node.Kind}", "a list",
                node is YamlScalar { Value.Length: > 0 } x
                    ? $"Write '- {x.Value}' in a line of its own"
                    : "Write [] for none");
            return items;
        }

        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in sequence.Items)
        {
            if (TextOf(item) is not { } scalar || parse(scalar.Value, scalar) is not { } parsed) continue;
            if (seen.TryAdd(identity(parsed), scalar.Value)) items.Add(parsed);
            else if (seen[identity(parsed)] is var first)
                Report(item,
                    $"'{scalar.Value}' is there twice" + (first == scalar.Value ? "" : $", first as '{first}'"),
                    remedy: "Remove one of them");
        }

        return items;
    }

    private protected List<string> Items(YamlNode node, NameRule rule) =>
        Items(node, (x, at) => Check(rule, x, at) ? x : null, x => x);

    /// <summary>A text that follows a rule; null, and a problem, where it does not.</summary>
    private protected string? Text(YamlNode node, NameRule rule) =>
        TextOf(node) is { } scalar && Check(rule, scalar.Value, scalar) ? scalar.Value : null;

    /// <summary>What one of a few words stands for; the default, and a problem, of any other.</summary>
    /// <param name="words">The words.</param>
    /// <param name="wrong">What is said of another one: <c>is no kind of image</c>.</param>
    private protected T OneOf<T>(YamlNode node, IReadOnlyDictionary<string, T> words, string wrong)
        where T : struct
    {
        if (TextOf(node)?.Value is not { } text) return default;
        if (words.TryGetValue(text, out var found)) return found;
        Report(node, $"'{text}' {wrong}", string.Join(", ", words.Keys), Suggest.DidYouMean(text, words.Keys));
        return default;
    }

    private protected bool IsTrue(YamlNode node)
    {
        if (node is YamlScalar { IsPlain: true, Value: "true" or "false" } scalar) return scalar.Value == "true";
        Report(node, $"there is {(node is YamlScalar x ? $"'{x.Value}'" : node.Kind)}", "true or false");
        return false;
    }

    private protected bool Check(NameRule rule, string text, YamlScalar at)
    {
        if (rule.Check(text, File, at.Line, at.Column) is not { } problem) return true;
        Problems.Add(problem);
        return false;
    }

    private protected void ReportUnknown(YamlScalar key, IReadOnlyList<string> known) =>
        Report(key, $"'{key.Value}' is not known here", string.Join(", ", known), Suggest.DidYouMean(key.Value, known));

    private protected void Report(YamlNode at, string found, string? expected = null, string? remedy = null) =>
        Problems.Add(new Problem(found, File, at.Line, at.Column, expected, remedy));

    /// <summary>A day, whatever YAML takes it for; null, and a problem, where it is none.</summary>
    private protected DateOnly? DateOf(YamlNode node)
    {
        var text = (node as YamlScalar)?.Value;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        Report(node, text is null ? $"there is {node.Kind}" : $"'{text}' is no date", "a day such as 2026-10-02");
        return null;
    }

    /// <summary>A mapping of names to texts.</summary>
    /// <param name="rule">What its keys may be.</param>
    private protected Dictionary<string, string> Texts(YamlNode node, NameRule rule)
    {
        var texts = new Dictionary<string, string>();
        foreach (var (name, item) in Entries(node, $"{rule.Kind}s to texts"))
            if (Check(rule, name.Value, name) && item is YamlScalar { Value: { } text }) texts[name.Value] = text;
            else if (item is not YamlScalar) Report(item, $"there is {item.Kind}", "text");
        return texts;
    }

    /// <summary>Whether a text is a regular expression; a problem where it is none.</summary>
    private protected bool IsPattern(YamlScalar at)
    {
        try
        {
            _ = new Regex(at.Value);
            return true;
        }
        catch (ArgumentException e)
        {
            Report(at, $"'{at.Value}' is no regular expression: {e.Message}");
            return false;
        }
    }

    /// <summary>The items of a list, whatever they are; none, and a problem, where it is something else.</summary>
    private protected IReadOnlyList<YamlNode> Nodes(YamlNode node)
    {
        if (node is YamlSequence sequence) return sequence.Items;
        Report(node, $"there is {node.Kind}", "a list");
        return [];
    }

    /// <summary>Reports a key, and leaves what was read so far as it is.</summary>
    private protected T Unknown<T>(T data, YamlScalar key, IReadOnlyList<string> known)
    {
        ReportUnknown(key, known);
        return data;
    }

    private protected YamlScalar? TextOf(YamlNode node)
    {
        if (node is YamlScalar { IsText: true } scalar) return scalar;
        Report(node, $"there is {node.Kind}", "text");
        return null;
    }
}
