using System.Text.RegularExpressions;
using OpenStack.Packages;

namespace OpenStack.Sbom;

/// <summary>The licences that a package's <c>/usr/share/doc/…/copyright</c> names.</summary>
static partial class DebianCopyright
{
    /// <summary>All of them hold. None where the file says none in a way that leaves no doubt.</summary>
    public static IReadOnlyList<LicenseText> LicensesIn(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        return Format().IsMatch(text) ? Structured(text) : FreeForm(text);
    }

    /// <summary>
    /// copyright-format 1.0: of each stanza of files the first line of <c>License</c>. Debian's own packaging, <c>debian/*</c>, is not
    /// in the package.
    /// </summary>
    static List<LicenseText> Structured(string text)
    {
        var licenses = new List<LicenseText>();
        foreach (var stanza in EmptyLine().Split(text).Where(x => x.Contains("License:", StringComparison.OrdinalIgnoreCase)))
        {
            var fields = ControlFields.Parse(stanza);
            if (!fields.TryGetValue("License", out var license) || !fields.TryGetValue("Files", out var files)) continue;
            if (files.Split((char[])[' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).All(x => x.StartsWith("debian/", StringComparison.Ordinal))) continue;
            var name = license.Split('\n')[0].Trim();
            if (name.Length > 0) licenses.AddRange(LicenseExpression.Parse(name, isDebian: true));
        }

        return [.. licenses.Distinct()];
    }

    /// <summary>What the text refers to in <c>/usr/share/common-licenses</c>. Which versions of GNU's hold, only the text knows; then the name is kept.</summary>
    static List<LicenseText> FreeForm(string text)
    {
        var names = Common().Matches(text).Select(x => x.Groups["name"].Value.TrimEnd('.')).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var gnu = names.Where(x => Gnu().IsMatch(x)).ToList();
        var orLater = gnu.Count == 1 && OrLater().IsMatch(text);
        return [.. names.SelectMany(x => x == "BSD" ? [new LicenseText("BSD-3-Clause", true)]
            : !gnu.Contains(x) ? LicenseExpression.Parse(x, isDebian: true)
            : orLater && LicenseExpression.Parse($"{x}+", isDebian: true) is [{ IsSpdx: true } known] ? [known]
            : [new LicenseText(x, false)])];
    }

    [GeneratedRegex(@"^Format(-Specification)?:\s*\S*(copyright-format|DEP5|dep5)", RegexOptions.Multiline)]
    private static partial Regex Format();

    [GeneratedRegex(@"\n[ \t]*\n")]
    private static partial Regex EmptyLine();

    [GeneratedRegex(@"/usr/share/common-licenses/(?<name>[A-Za-z0-9][A-Za-z0-9.-]*)")]
    private static partial Regex Common();

    [GeneratedRegex(@"^(A|L)?GPL|^GFDL")]
    private static partial Regex Gnu();

    [GeneratedRegex(@"any\s+later\s+version")]
    private static partial Regex OrLater();
}
