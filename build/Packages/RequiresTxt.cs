using System.Text.RegularExpressions;

namespace OpenStack.Packages;

/// <summary>
/// The requirements of an egg (setuptools, <c>requires.txt</c>): sections <c>[extra]</c>, <c>[extra:marker]</c> and
/// <c>[:marker]</c>.
/// </summary>
static partial class RequiresTxt
{
    /// <returns>The requirements in the form of <c>Requires-Dist</c>, and all extras in their order.</returns>
    public static (IReadOnlyList<string> Requirements, IReadOnlyList<string> Extras) Parse(string text)
    {
        List<string> requirements = [], extras = [];
        string extra = "", sectionMarker = "";
        foreach (var line in text.Split('\n').Select(x => x.Trim()).Where(x => x.Length > 0 && !x.StartsWith('#')))
        {
            if (Section().Match(line) is { Success: true } section)
            {
                (extra, sectionMarker) = (section.Groups["extra"].Value.Trim(), section.Groups["marker"].Value.Trim());
                if (extra.Length > 0 && !extras.Contains(extra)) extras.Add(extra);
                continue;
            }

            var parts = line.Split(';', 2);
            string[] conditions =
            [
                .. parts.Skip(1).Select(x => $"({x.Trim()})"),
                .. sectionMarker.Length > 0 ? [$"({sectionMarker})"] : Array.Empty<string>(),
                .. extra.Length > 0 ? [$"extra == '{extra}'"] : Array.Empty<string>(),
            ];
            requirements.Add(parts[0].Trim() + (conditions.Length > 0 ? $" ; {string.Join(" and ", conditions)}" : ""));
        }

        return (requirements, extras);
    }

    [GeneratedRegex(@"^\[(?<extra>[^:\]]*)(?::(?<marker>.*))?\]$")]
    private static partial Regex Section();
}
