using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>
/// <c>releases/&lt;release&gt;/source-refs.yaml</c>: a mapping of component to ref. A ref is one scalar today; a mapping in its
/// place is free for what else a source may one day need.
/// </summary>
public static class SourceRefsFile
{
    public const string Name = "source-refs.yaml";

    /// <summary>The refs by component; empty only when <paramref name="problems"/> says why.</summary>
    public static IReadOnlyDictionary<string, SourceRef> Parse(string text, string file, List<Problem> problems)
    {
        var refs = new SortedList<string, SourceRef>(StringComparer.Ordinal);
        var root = YamlFile.Read(text, file, problems);
        if (root is not YamlMapping mapping)
        {
            if (root is not null) problems.Add(new Problem($"there is {root.Kind}", file, root.Line, root.Column, "a mapping of component to ref"));
            return refs;
        }

        foreach (var (key, value) in mapping.Entries)
        {
            var reference = (value as YamlScalar)?.Value ?? "";
            var wrong = Names.Component.Check(key.Value, file, key.Line, key.Column)
                ?? CheckText(key.Value, value, file)
                ?? Names.Ref.Check(reference, file, value.Line, value.Column);
            if (wrong is not null) problems.Add(wrong);
            // A component with a bad ref is still known, or each of its packages and patches would be a problem too.
            refs.Add(key.Value, new SourceRef(key.Value, reference, file, value.Line, value.Column));
        }

        if (refs.Count == 0) problems.Add(new Problem("there are no components", file, root.Line, root.Column, "lines such as keystone: \"27.0.2\""));
        return refs;
    }

    static Problem? CheckText(string component, YamlNode value, string file) => value switch
    {
        YamlScalar { IsText: true } => null,
        YamlScalar { Value.Length: > 0 } scalar => new Problem($"the ref of {component} is {scalar.Kind}", file, value.Line, value.Column,
            "text", $"Quote it: \"{scalar.Value}\""),
        _ => new Problem($"the ref of {component} is {value.Kind}", file, value.Line, value.Column, "a branch, a tag or a commit SHA"),
    };
}
