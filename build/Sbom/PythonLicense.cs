using OpenStack.Packages;

namespace OpenStack.Sbom;

/// <summary>The licences that a distribution's core metadata names.</summary>
static class PythonLicense
{
    const string Classifier = "License :: ";
    const string Approved = "OSI Approved :: ";
    const int LongestName = 100;

    /// <summary>
    /// By <c>License-Expression</c> (PEP 639), by <c>License</c>, by classifiers: the first that has ids; where none has, what stands
    /// there is a name. All of them hold.
    /// </summary>
    public static IReadOnlyList<LicenseText> LicensesIn(CoreMetadata metadata)
    {
        var expression = metadata.All("License-Expression").Take(1).SelectMany(x => LicenseExpression.Parse(x, isDebian: false)).ToList();
        // Some put the whole text of their licence there.
        var stated = metadata.All("License").Select(x => x.Trim()).Where(x => x.Length is > 0 and <= LongestName && !x.Contains('\n') && !x.Equals("UNKNOWN", StringComparison.OrdinalIgnoreCase)).Take(1).SelectMany(Named).ToList();
        var classified = metadata.All("Classifier").Where(x => x.StartsWith(Classifier, StringComparison.Ordinal)).Select(x => x[Classifier.Length..])
            .Select(x => x.StartsWith(Approved, StringComparison.Ordinal) ? x[Approved.Length..] : x).Where(x => x != "OSI Approved").SelectMany(Named).Distinct().ToList();
        List<LicenseText>[] sources = [expression, stated, classified];
        return sources.FirstOrDefault(x => x.Count > 0 && x.All(y => y.IsKnown)) ?? sources.FirstOrDefault(x => x.Count > 0) ?? [];
    }

    /// <summary>A name may have words in it that an expression would stumble over.</summary>
    static IReadOnlyList<LicenseText> Named(string name) =>
        SpdxLicenses.IdOf(name, isDebian: false) is { } id ? [new LicenseText(id, true)]
        : LicenseExpression.Parse(name, isDebian: false) is var expression && expression.All(x => x.IsKnown) ? expression
        : [new LicenseText(name, false)];
}
