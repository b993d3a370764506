using System.Text.RegularExpressions;
using OpenStack.Packages;

namespace OpenStack.Sbom;

/// <summary>The licences that a package's <c>/usr/share/doc/…/copyright</c> names.</summary>
static partial class DebianCopyright
{
    /// <summary>All of them hold. None where the file says none in a way that leaves no doubt.</summary>
    public static IReadOnlyList<LicenseText> LicensesIn(string text) => Read(text).Whole;

    /// <summary>The licences of the whole, and all that are mentioned.</summary>
    public static StatedLicenses Read(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        if (!Format().IsMatch(text)) return FreeFormCopyright.Read(text);
        var licenses = Structured(text);
        var note = licenses.Count == 0 ? "its copyright file names no licence of its files" : null;
        return new StatedLicenses(licenses, licenses, note);
    }

    /// <summary>
    /// copyright-format 1.0: of each stanza of files the first line of <c>License</c>. Debian's own packaging,
    /// <c>debian/*</c>, is not in the package.
    /// </summary>
    static List<LicenseText> Structured(string text)
    {
        var licenses = new List<LicenseText>();
        foreach (var stanza in EmptyLine()
            .Split(text)
            .Where(x => x.Contains("License:", StringComparison.OrdinalIgnoreCase)))
        {
            var fields = ControlFields.Parse(stanza);
            if (!fields.TryGetValue("License", out var license) || !fields.TryGetValue("Files", out var files))
                continue;
            if (files.Split((char[])[' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)
                .All(x => x.StartsWith("debian/", StringComparison.Ordinal)))
                continue;
            var name = license.Split('\n')[0].Trim();
            if (name.Length > 0) licenses.AddRange(LicenseExpression.Parse(name, isDebian: true));
        }

        return [.. licenses.Distinct()];
    }

    [GeneratedRegex(@"^Format(-Specification)?:\s*\S*(copyright-format|DEP5|dep5)", RegexOptions.Multiline)]
    private static partial Regex Format();

    [GeneratedRegex(@"\n[ \t]*\n")]
    private static partial Regex EmptyLine();
}
