namespace Nuke.Common.Utilities;

/// <summary>Quoting and joining.</summary>
public static class StringExtensions
{
    /// <summary>Quoted if there is a space; empty for blank text.</summary>
    public static string DoubleQuoteIfNeeded(this string str) =>
        string.IsNullOrWhiteSpace(str) ? "" : str.IsDoubleQuoted() || !str.Contains(' ') ? str : str.DoubleQuote();

    public static string DoubleQuote(this string str) => $"\"{str?.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    public static bool IsDoubleQuoted(this string str) => str.StartsWith('"') && str.EndsWith('"');

    /// <inheritdoc cref="DoubleQuoteIfNeeded(string)"/>
    public static string SingleQuoteIfNeeded(this string str) => str.SingleQuoteIfNeeded(' ');

    /// <summary>Quoted if there is one of the characters; empty for blank text.</summary>
    public static string SingleQuoteIfNeeded(this string str, params char?[] disallowed) =>
        string.IsNullOrWhiteSpace(str) ? "" : str.IsSingleQuoted() || !str.Any(x => disallowed.Contains(x)) ? str : str.SingleQuote();

    public static string SingleQuote(this string str) => $"'{str?.Replace("'", "\\'", StringComparison.Ordinal)}'";

    public static bool IsSingleQuoted(this string str) => str.StartsWith('\'') && str.EndsWith('\'');

    public static bool IsNullOrEmpty(this string str) => string.IsNullOrEmpty(str);

    public static bool IsNullOrWhiteSpace(this string str) => string.IsNullOrWhiteSpace(str);

    public static string Join(this IEnumerable<string> enumerable, string separator) => string.Join(separator, enumerable);

    public static string JoinSpace(this IEnumerable<string> values) => string.Join(' ', values);

    public static string JoinComma(this IEnumerable<string> values) => string.Join(',', values);

    public static string JoinCommaSpace(this IEnumerable<string> values) => string.Join(", ", values);

    public static string JoinNewLine(this IEnumerable<string> values, PlatformFamily? platformFamily = null) =>
        string.Join(platformFamily switch { null => Environment.NewLine, PlatformFamily.Windows => "\r\n", _ => "\n" }, values);

    public static string[] SplitLineBreaks(this string str, StringSplitOptions options = StringSplitOptions.None) => str.Split(["\r\n", "\n"], options);
}
