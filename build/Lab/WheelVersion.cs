using System.Text.RegularExpressions;
using OpenStack.Constraints;

namespace OpenStack.Lab;

/// <summary>What Debian wrote as versions (PEP 440) made acceptable to pip.</summary>
static partial class WheelVersion
{
    /// <summary>
    /// Without Debian's local part (<c>2.5.11+ds</c>, <c>8.4.2+really8.4.1</c>) and without the mark of a development
    /// version (<c>1.13.2.dev0</c>), which would make pip treat a release as none.
    /// </summary>
    public static string Clean(string version)
    {
        var release = version.Split('+')[0].Trim();
        return PythonVersion.TryParse(release) is { Dev: null } ? release : LeadingRelease().Match(release).Value;
    }

    [GeneratedRegex(@"^\d+(\.\d+)*")]
    private static partial Regex LeadingRelease();
}
