namespace Nuke.Common.Execution;

/// <summary>The C# text of a condition as the summary shows it.</summary>
static class Condition
{
    /// <summary>In one line.</summary>
    public static string TextOf(string expression)
    {
        var text = expression.ReplaceLineEndings("");
        while (text.Contains("  ", StringComparison.Ordinal))
            text = text.Replace("  ", " ", StringComparison.Ordinal);
        return text;
    }

    /// <summary>Without the <c>() =></c> of its lambda.</summary>
    public static string BodyOf(string text) =>
        text.TrimStart('(').Trim().TrimStart(')').Trim().TrimStart('=').Trim().TrimStart('>').Trim();
}
