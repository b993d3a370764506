using System.Diagnostics;

namespace Nuke.Common.IO;

/// <summary>A normalised path without a root.</summary>
[DebuggerDisplay("{path}")]
public class RelativePath
{
    readonly string path;
    readonly char? separator;

    protected RelativePath(string path, char? separator = null)
    {
        this.path = path;
        this.separator = separator;
    }

    public static explicit operator RelativePath(string path) => path is null ? null : new RelativePath(PathConstruction.NormalizePath(path));

    public static implicit operator string(RelativePath path) => path?.path;

    public static RelativePath operator /(RelativePath left, Range range)
    {
        Assert.True(range.Equals(Range.All));
        return left / "..";
    }

    public static RelativePath operator /(RelativePath left, string right) =>
        new(PathConstruction.NormalizePath(PathConstruction.Combine(left.NotNull(), (RelativePath)right, left.separator), left.separator), left.separator);

    public static RelativePath operator +(RelativePath left, string right) => new(left.path + right);

    public override string ToString() => path;
}

/// <summary>With slashes.</summary>
public class UnixRelativePath : RelativePath
{
    protected UnixRelativePath(string path, char? separator)
        : base(path, separator)
    {
    }

    public static explicit operator UnixRelativePath(string path) =>
        path is null ? null : new UnixRelativePath(PathConstruction.NormalizePath(path, '/'), '/');
}
