using System.Globalization;
using CycloneDX.Models;
using static CycloneDX.Models.ExternalReference.ExternalReferenceType;

namespace OpenStack.Sbom;

/// <summary>
/// Where a distribution's metadata says that more is to be found: <c>Home-page</c>, <c>Download-URL</c>,
/// <c>Project-URL</c>.
/// </summary>
static class ProjectUrls
{
    static readonly Dictionary<string, ExternalReference.ExternalReferenceType> s_types =
        SbomData.Map("project-urls.txt").ToDictionary(
            x => x.Key, x => Enum.Parse<ExternalReference.ExternalReferenceType>(x.Value), StringComparer.Ordinal);

    /// <summary>
    /// Each type and url once, in the order in which the metadata names them; what is no url for a browser is not
    /// there.
    /// </summary>
    public static List<ExternalReference> Of(PythonDistribution distribution) =>
    [
        .. distribution.Fields("Home-page").Select(x => (Type: Website, Label: "", Url: BomParts.Url(x)))
            .Concat(distribution.Fields("Project-URL").Select(Labelled))
            .Concat(distribution.Fields("Download-URL")
                .Select(x => (Type: Distribution, Label: "", Url: BomParts.Url(x))))
            .Where(x => x.Url is not null).DistinctBy(x => (x.Type, x.Url!.TrimEnd('/')))
            .Select(x => new ExternalReference
            {
                Type = x.Type,
                Url = x.Url,
                Comment = x.Type == Other ? x.Label : null,
            }),
    ];

    /// <summary><c>label, url</c>; a label may have commas in it.</summary>
    static (ExternalReference.ExternalReferenceType Type, string Label, string? Url) Labelled(string text)
    {
        var comma = text.LastIndexOf(", ", StringComparison.Ordinal) is var spaced and > 0 ? spaced : text.IndexOf(',');
        var label = comma < 0 ? "" : text[..comma].Trim();
        return (label.Length == 0 ? Website : TypeOf(label), label, BomParts.Url(text[(comma + 1)..]));
    }

    /// <summary>Whoever adds words in parentheses means the same: <c>Mastodon (somebody)</c>.</summary>
    static ExternalReference.ExternalReferenceType TypeOf(string label) => s_types.TryGetValue(Normalize(label),
        out var type) || s_types.TryGetValue(Normalize(label.Split('(')[0]), out type)
        ? type
        : Other;

    static string Normalize(string label) =>
        string.Concat(label.Where(x => !char.IsWhiteSpace(x) && !char.IsPunctuation(x) && !char.IsSymbol(x)))
            .ToLower(CultureInfo.InvariantCulture);
}
