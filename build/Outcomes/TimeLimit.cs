using System.Globalization;
using System.Text.RegularExpressions;
using OpenStack.Diagnostics;

namespace OpenStack.Outcomes;

/// <summary>How long something may take.</summary>
/// <param name="Text">As the user has written it.</param>
/// <param name="Time">The same, greater than zero.</param>
public sealed partial record TimeLimit(string Text, TimeSpan Time)
{
    /// <param name="text">Hours, minutes and seconds, each once at most: <c>1h30m</c>, <c>90s</c>.</param>
    /// <param name="where">The parameter, for messages.</param>
    /// <exception cref="ProblemException">It is no duration.</exception>
    public static TimeLimit Parse(string text, string where)
    {
        var match = Duration().Match(text);
        int Of(string unit) => match.Groups[unit] is { Success: true, Value: var value }
            ? int.Parse(value, CultureInfo.InvariantCulture)
            : 0;
        var time = match.Success ? new TimeSpan(Of("h"), Of("m"), Of("s")) : TimeSpan.Zero;
        return time > TimeSpan.Zero
            ? new TimeLimit(text, time)
            : throw new ProblemException(new Problem($"{where} has the value '{text}'",
                Expected: "a duration, as in 90s, 30m or 1h30m"));
    }

    [GeneratedRegex(@"^(?=\d)(?:(?<h>\d{1,4})h)?(?:(?<m>\d{1,5})m)?(?:(?<s>\d{1,7})s)?$")]
    private static partial Regex Duration();
}
