using System.Text.RegularExpressions;
using CycloneDX.Models;

namespace OpenStack.Sbom;

/// <summary>Parts of a CycloneDX component that are made of text of somebody else's.</summary>
static partial class BomParts
{
    /// <summary>SPDX's word for what is not known: that is said, not left open.</summary>
    public const string Unknown = "NOASSERTION";

    /// <summary>
    /// A list of ids and names, or, where there is a choice or an exception among them, one expression: CycloneDX does
    /// not mix the two.
    /// </summary>
    public static List<LicenseChoice> Licenses(IReadOnlyList<LicenseText> licenses)
    {
        if (licenses.Count == 0) return [new LicenseChoice { License = new License { Name = Unknown } }];
        return licenses.All(x => x.IsId || !x.IsSpdx)
            ? [.. licenses.Select(x =>
                new LicenseChoice { License = x.IsId ? new License { Id = x.Text } : new License { Name = x.Text } })]
            : [new LicenseChoice { Expression = LicenseExpression.Conjunction(licenses) }];
    }

    /// <summary><c>Name &lt;address&gt;</c>, or one of the two.</summary>
    public static OrganizationalEntity Supplier(string? text, string? url = null)
    {
        var match = Address().Match(text ?? "");
        var name = match.Success ? match.Groups["name"].Value.Trim() : (text ?? "").Trim();
        var email = match.Success ? match.Groups["email"].Value.Trim() : "";
        return new OrganizationalEntity
        {
            Name = name.Length > 0 ? name : email.Length > 0 ? email : Unknown,
            Url = Url(url) is { } valid ? [valid] : null,
            Contact = IsEmail(email) ? [new OrganizationalContact { Email = email }] : null,
        };
    }

    /// <summary>The url if it is one for a browser.</summary>
    public static string? Url(string? text) =>
        text?.Trim() is { Length: > 0 } url
            && UrlCharacters().IsMatch(url)
            && Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            ? url
            : null;

    public static List<ExternalReference>? References(
        params IEnumerable<(ExternalReference.ExternalReferenceType Type, string? Url)> references) =>
        references.Select(x => (x.Type, Url: Url(x.Url)))
            .Where(x => x.Url is not null)
            .Select(x => new ExternalReference { Type = x.Type, Url = x.Url })
            .ToList() is { Count: > 0 } list ? list : null;

    /// <param name="digest">64 hexadecimal digits.</param>
    public static List<Hash> Sha256(string digest) => [new Hash { Alg = Hash.HashAlgorithm.SHA_256, Content = digest }];

    static bool IsEmail(string text) => Email().IsMatch(text);

    [GeneratedRegex("""^\s*(?:"(?<name>[^"]*)"|(?<name>[^<,"]*))\s*<(?<email>[^<>]*)>""")]
    private static partial Regex Address();

    [GeneratedRegex(@"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\z")]
    private static partial Regex Email();

    /// <summary>RFC 3986: nothing else may be in one.</summary>
    [GeneratedRegex(@"^(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+\z")]
    private static partial Regex UrlCharacters();
}
