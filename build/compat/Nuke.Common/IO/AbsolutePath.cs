using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Nuke.Common.Utilities;

namespace Nuke.Common.IO;

/// <summary>
/// A rooted, normalised path. Mind that <c>"text " + path</c> is a path operation that fails; use interpolation.
/// </summary>
[TypeConverter(typeof(TypeConverter))]
[DebuggerDisplay("{path}")]
public class AbsolutePath : IAbsolutePathHolder, IFormattable
{
    /// <summary>Formats for interpolated strings: quoted always, if it has a space, or never.</summary>
    public const string DoubleQuote = "d";

    /// <inheritdoc cref="DoubleQuote"/>
    public const string DoubleQuoteIfNeeded = "dn";

    /// <inheritdoc cref="DoubleQuote"/>
    public const string SingleQuote = "s";

    /// <inheritdoc cref="DoubleQuote"/>
    public const string SingleQuoteIfNeeded = "sn";

    /// <inheritdoc cref="DoubleQuote"/>
    public const string NoQuotes = "nq";

    readonly string path;

    AbsolutePath(string path) => this.path = PathConstruction.NormalizePath(path);

    AbsolutePath IAbsolutePathHolder.Path => this;

    public string Name => Path.GetFileName(path);

    public string NameWithoutExtension => Path.GetFileNameWithoutExtension(path);

    /// <summary>From the last dot on.</summary>
    public string Extension => Path.GetExtension(path);

    /// <summary>Null at a root.</summary>
    public AbsolutePath Parent => PathConstruction.IsRoot(path) ? null : this / "..";

    public static AbsolutePath Create(string path) => new(path);

    /// <exception cref="ArgumentException">The path is not rooted.</exception>
    public static implicit operator AbsolutePath(string path)
    {
        if (path is null)
            return null;
        if (!PathConstruction.HasPathRoot(path))
            throw new ArgumentException($"Path '{path}' must be rooted");
        return new AbsolutePath(path);
    }

    public static implicit operator string(AbsolutePath path) => path?.path;

    /// <summary>The parent: <c>path / ..</c></summary>
    public static AbsolutePath operator /(AbsolutePath left, Range range)
    {
        Assert.True(range.Equals(Range.All));
        return left.Parent;
    }

    public static AbsolutePath operator /(AbsolutePath left, string right) => new(PathConstruction.Combine(left.NotNull(), right));

    /// <summary>Appends to the name.</summary>
    public static AbsolutePath operator +(AbsolutePath left, string right) => new(left.path + right);

    public static bool operator ==(AbsolutePath a, AbsolutePath b) => a is null ? b is null : a.Equals((object)b);

    public static bool operator !=(AbsolutePath a, AbsolutePath b) => !(a == b);

    protected bool Equals(AbsolutePath other) =>
        string.Equals(path, other.path, PathConstruction.HasWindowsRoot(path) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    public override bool Equals(object obj) => obj is AbsolutePath other && other.GetType() == GetType() && Equals(other);

    public override int GetHashCode() => path.GetHashCode(PathConstruction.HasWindowsRoot(path) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    public override string ToString() => path;

    public string ToString(string format) => format switch
    {
        DoubleQuote => path.DoubleQuote(),
        DoubleQuoteIfNeeded => path.DoubleQuoteIfNeeded(),
        SingleQuote => path.SingleQuote(),
        SingleQuoteIfNeeded => path.SingleQuoteIfNeeded(),
        null or NoQuotes => path,
        _ => throw new ArgumentException($"Format '{format}' is not recognized")
    };

    string IFormattable.ToString(string format, IFormatProvider formatProvider) => ToString(format);

    /// <summary>Reads paths, relative ones from the working directory.</summary>
    public class TypeConverter : System.ComponentModel.TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value) => value switch
        {
            null => null,
            string text => PathConstruction.HasPathRoot(text) ? (AbsolutePath)text : EnvironmentInfo.WorkingDirectory / text,
            _ => base.ConvertFrom(context, culture, value)
        };
    }
}
