using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary>
/// <c>releases/&lt;release&gt;/source-refs.yaml</c>: a mapping of component to ref, or to <c>{ ref: …, url: … }</c>
/// where a component's repository is not with all the others.
/// </summary>
[DescribedFile(
    "What each service and library is built from: a branch, a tag, a full commit or the full name of a change",
    Place = Place)]
public static class SourceRefsFile
{
    public const string Name = "source-refs.yaml";

    public const string Place = "releases/<release>/" + Name;

    const string Ref = "ref";
    const string Url = "url";

    static readonly YamlFields s_shape = new(
        new(Ref, "A branch, a tag, a commit or the full name of a change", YamlShape.Text(Names.Ref),
            IsRequired: true),
        new(Url, "The repository, where it is not with all the others", YamlShape.Text(SourceUrl.Rule)));

    public static YamlShape Shape { get; } = YamlShape.Map(Names.Component,
        YamlShape.Either(YamlShape.Text(Names.Ref), s_shape), least: 1);

    /// <summary>The refs by component; empty only when <paramref name="problems"/> says why.</summary>
    public static IReadOnlyDictionary<string, SourceRef> Parse(string text, string file, List<Problem> problems)
    {
        var refs = new SortedList<string, SourceRef>(StringComparer.Ordinal);
        var root = YamlFile.Read(text, file, problems);
        if (root is not YamlMapping mapping)
        {
            if (root is not null)
                problems.Add(new Problem($"there is {root.Kind}", file, root.Line, root.Column,
                    "a mapping of component to ref"));
            return refs;
        }

        foreach (var (key, value) in mapping.Entries)
        {
            if (Names.Component.Check(key.Value, file, key.Line, key.Column) is { } wrong) problems.Add(wrong);
            // A component with a bad ref is still known, or each of its packages and patches would be a problem too.
            refs.Add(key.Value,
                value is YamlMapping fields
                    ? ReadFields(key.Value, fields, file, problems)
                    : ReadRef(key.Value, value, file, problems));
        }

        if (refs.Count == 0)
            problems.Add(new Problem("there are no components", file, root.Line, root.Column,
                "lines such as keystone: \"27.0.2\""));
        return refs;
    }

    static SourceRef ReadFields(string component, YamlMapping fields, string file, List<Problem> problems)
    {
        var values = fields.Entries.ToDictionary(x => x.Key.Value, x => x.Value, StringComparer.Ordinal);
        problems.AddRange(fields.Entries.Where(x => !s_shape.Keys.Contains(x.Key.Value)).Select(x => new Problem(
            $"'{x.Key.Value}' is not known here", file, x.Key.Line, x.Key.Column, string.Join(", ", s_shape.Keys),
            Suggest.DidYouMean(x.Key.Value, s_shape.Keys))));
        if (!values.TryGetValue(Ref, out var written))
        {
            problems.Add(new Problem($"{component} has no ref", file, fields.Line, fields.Column,
                $"{{ {Ref}: \"27.0.2\", {Url}: https://example.org/{component} }}"));
            return new SourceRef(component, "", file, fields.Line, fields.Column);
        }

        var source = ReadRef(component, written, file, problems);
        if (!values.TryGetValue(Url, out var place)) return source;
        var url = (place as YamlScalar)?.Value ?? "";
        if (SourceUrl.Check(component, url, file, place.Line, place.Column) is { } wrong) problems.Add(wrong);
        return source with { Url = url.TrimEnd('/') };
    }

    static SourceRef ReadRef(string component, YamlNode value, string file, List<Problem> problems)
    {
        var reference = (value as YamlScalar)?.Value ?? "";
        if ((CheckText(component, value, file)
            ?? Names.Ref.Check(reference, file, value.Line, value.Column)) is { } wrong)
            problems.Add(wrong);
        return new SourceRef(component, reference, file, value.Line, value.Column);
    }

    static Problem? CheckText(string component, YamlNode value, string file) => value switch
    {
        YamlScalar { IsText: true } => null,
        YamlScalar { Value.Length: > 0 } scalar => new Problem($"the ref of {component} is {scalar.Kind}", file,
            value.Line, value.Column, "text", $"Quote it: \"{scalar.Value}\""),
        _ => new Problem($"the ref of {component} is {value.Kind}", file, value.Line, value.Column,
            "a branch, a tag or a commit SHA"),
    };
}
