using OpenStack.Packages;

namespace OpenStack.Sbom;

/// <summary>The licences that a distribution's core metadata names.</summary>
static class PythonLicense
{
    const string Classifier = "License :: ";
    const string Approved = "OSI Approved :: ";
    const int LongestName = 100;

    /// <summary>
    /// By <c>License-Expression</c> (PEP 639), by <c>License</c>, by classifiers: the first that has ids; where none
    /// has, what stands there is a name. All of them hold, but for classifiers, of which nobody knows that (PEP 639,
    /// "Deprecate license classifiers").
    /// </summary>
    public static StatedLicenses Read(CoreMetadata metadata)
    {
        var expression = metadata.All("License-Expression").Take(1)
            .SelectMany(x => LicenseExpression.Parse(x, isDebian: false)).Distinct().ToList();
        var stated = metadata.All("License").Select(x => x.Trim()).Where(IsName).Take(1)
            .SelectMany(Named).Distinct().ToList();
        var classified = metadata.All("Classifier").Where(x => x.StartsWith(Classifier, StringComparison.Ordinal))
            .Select(x => x[Classifier.Length..].Trim())
            .Select(x => x.StartsWith(Approved, StringComparison.Ordinal) ? x[Approved.Length..] : x)
            .Where(x => x != "OSI Approved").SelectMany(Named).Distinct().ToList();
        List<LicenseText>[] sources = [expression, stated, classified];
        var chosen = sources.FirstOrDefault(x => x.Count > 0 && x.All(y => y.IsKnown))
            ?? sources.FirstOrDefault(x => x.Count > 0) ?? [];
        var note = chosen == classified && classified.Count > 1
            ? "named by classifiers, which do not say whether all hold or one of them" : null;
        return new StatedLicenses(chosen, chosen, note);
    }

    /// <summary>Those of <see cref="Read"/>.</summary>
    public static IReadOnlyList<LicenseText> LicensesIn(CoreMetadata metadata) => Read(metadata).Whole;

    /// <summary>Some put the whole text of their licence there.</summary>
    static bool IsName(string text) => text.Length is > 0 and <= LongestName && !text.Contains('\n')
        && !text.Equals("UNKNOWN", StringComparison.OrdinalIgnoreCase);

    /// <summary>A name may have words in it that an expression would stumble over.</summary>
    static IReadOnlyList<LicenseText> Named(string name) =>
        SpdxLicenses.IdOf(name, isDebian: false) is { } id ? [new LicenseText(id, true)]
        : LicenseExpression.Parse(name, isDebian: false) is var expression && expression.All(x => x.IsKnown)
            ? expression
        : [new LicenseText(name, false)];
}
