using System.Text.RegularExpressions;

namespace OpenStack.Updates;

/// <summary>A line of <c>overrides/&lt;release&gt;/constraints.txt</c>, with another version and nothing else
/// changed.</summary>
static class OverrideLine
{
    /// <summary>Null where the line does not pin that version of that distribution.</summary>
    public static string? WithVersion(string line, string name, string from, string to)
    {
        var pin = Regex.Match(line, $@"^(\s*{Regex.Escape(name)}\s*={{2,3}}\s*){Regex.Escape(from)}(?=[\s;#\\]|\z)");
        return pin.Success ? $"{pin.Groups[1].Value}{to}{line[pin.Length..]}" : null;
    }
}
