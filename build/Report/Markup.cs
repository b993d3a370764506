using System.Runtime.CompilerServices;
using System.Text;

namespace OpenStack.Report;

/// <summary>
/// A piece of HTML. Its tags are literals of this code and nothing else: what stands in braces is text, and escaped,
/// unless it is such a piece itself.
/// </summary>
readonly struct Markup
{
    readonly string? _html;

    Markup(string html) => _html = html;

    public static Markup Empty => default;

    /// <summary>Text, escaped.</summary>
    public static implicit operator Markup(string text) => Html($"{text}");

    /// <summary>What is written between quotes, with what is in braces escaped.</summary>
    public static Markup Html(Interpolated html) => new(html.ToString());

    /// <summary>A style or a script of this assembly, which is nobody else's text.</summary>
    public static Markup OfAsset(PageAsset asset) => new(asset.Text);

    /// <summary>JSON that a script of the page reads: nothing in it ends the element that it is in.</summary>
    public static Markup OfJson(string json) => new(json.Replace("<", "\\u003c", StringComparison.Ordinal));

    /// <summary>Text with a mark in place of what is not seen.</summary>
    public static string Plain(string text) =>
        text.Any(IsMisleading) ? string.Concat(text.Select(x => IsMisleading(x) ? '\uFFFD' : x)) : text;

    public static Markup Join(IEnumerable<Markup> pieces) => new(string.Concat(pieces.Select(x => x._html)));

    public override string ToString() => _html ?? "";

    static void Escape(StringBuilder html, string text)
    {
        foreach (var x in text)
        {
            switch (x)
            {
                case '&': html.Append("&amp;"); break;
                case '<': html.Append("&lt;"); break;
                case '>': html.Append("&gt;"); break;
                case '"': html.Append("&quot;"); break;
                case '\'': html.Append("&#39;"); break;
                default: html.Append(IsMisleading(x) ? '\uFFFD' : x); break;
            }
        }
    }

    /// <summary>
    /// Whether it is not seen, and changes what is: control characters, and those that turn the direction of text
    /// around (Unicode 16, "Bidirectional Algorithm", section 2).
    /// </summary>
    static bool IsMisleading(char x) => (char.IsControl(x) && x is not ('\n' or '\t'))
        || x is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    /// <summary>What the compiler makes of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly struct Interpolated(int literals, int holes)
    {
        readonly StringBuilder _html = new(literals + (holes * 24));

        public void AppendLiteral(string literal) => _html.Append(literal);

        public void AppendFormatted(Markup piece) => _html.Append(piece._html);

        public void AppendFormatted(IEnumerable<Markup> pieces)
        {
            foreach (var piece in pieces) _html.Append(piece._html);
        }

        public void AppendFormatted(string? text)
        {
            if (text is not null) Escape(_html, text);
        }

        public void AppendFormatted(long number) => _html.Append(number);

        public override string ToString() => _html.ToString();
    }
}
