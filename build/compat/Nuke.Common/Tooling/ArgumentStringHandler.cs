using System.Runtime.CompilerServices;
using Nuke.Common.IO;
using Nuke.Common.Utilities;

namespace Nuke.Common.Tooling;

/// <summary>
/// Arguments as an interpolated string. Values with spaces are quoted, unless formatted with <c>:nq</c>; values formatted
/// with <c>:r</c> are redacted in all output. A string that is not interpolated is one value.
/// </summary>
[InterpolatedStringHandler]
public ref struct ArgumentStringHandler
{
    readonly List<string> secrets = [];
    DefaultInterpolatedStringHandler builder;

    public ArgumentStringHandler(int literalLength, int formattedCount, out bool handlerIsValid)
    {
        builder = new DefaultInterpolatedStringHandler(literalLength, formattedCount);
        handlerIsValid = true;
    }

    public static implicit operator ArgumentStringHandler(string value) => $"{value.NotNull()}";

    public void AppendLiteral(string value) => builder.AppendLiteral(value);

    public void AppendFormatted(object obj, int alignment = 0, string format = null)
    {
        switch (obj)
        {
            case string secret when format == "r":
                secrets.Add(secret);
                builder.AppendFormatted(secret, alignment);
                break;
            case string text:
                builder.AppendFormatted(format == "nq" || text.IsDoubleQuoted() || text.IsSingleQuoted() ? text : text.DoubleQuoteIfNeeded(), alignment);
                break;
            case IAbsolutePathHolder holder:
                builder.AppendFormatted(holder.Path, alignment, format ?? AbsolutePath.DoubleQuoteIfNeeded);
                break;
            default:
                builder.AppendFormatted(obj.ToString(), alignment, format);
                break;
        }
    }

    /// <summary>Separated by spaces.</summary>
    public void AppendFormatted(IEnumerable<IAbsolutePathHolder> paths, int alignment = 0, string format = null)
    {
        var isFirst = true;
        foreach (var path in paths)
        {
            if (!isFirst)
                builder.AppendLiteral(" ");
            builder.AppendFormatted(path.Path, alignment, format ?? AbsolutePath.DoubleQuoteIfNeeded);
            isFirst = false;
        }
    }

    public string ToStringAndClear()
    {
        var value = builder.ToStringAndClear();
        var isOneQuoted = value.Length > 1 && value[0] == '"' && value.IndexOf('"', 1) == value.Length - 1;
        return isOneQuoted ? value[1..^1] : value;
    }

    /// <summary>Replaces redacted values.</summary>
    public Func<string, string> GetFilter()
    {
        var values = secrets;
        return text => values.Aggregate(text, (result, x) => result.Replace(x, "[REDACTED]", StringComparison.Ordinal));
    }
}
