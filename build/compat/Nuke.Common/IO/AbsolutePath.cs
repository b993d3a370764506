#nullable disable
namespace Nuke.Common.IO;

/// <summary>First cut; replaced by the full stand-in.</summary>
public class AbsolutePath
{
    readonly string _path;
    AbsolutePath(string path) => _path = path;
    public string Name => Path.GetFileName(_path);
    public AbsolutePath Parent => Path.GetDirectoryName(_path) is { } p ? new AbsolutePath(p) : null;
    public static implicit operator AbsolutePath(string path) => path is null ? null : Path.IsPathRooted(path) ? new AbsolutePath(Path.GetFullPath(path)) : throw new ArgumentException($"Path '{path}' must be rooted");
    public static implicit operator string(AbsolutePath path) => path?._path;
    public static AbsolutePath operator /(AbsolutePath left, string right) => right is null ? left : new AbsolutePath(Path.GetFullPath(Path.Combine(left._path, right)));
    public override string ToString() => _path;
    public override bool Equals(object obj) => obj is AbsolutePath o && o._path == _path;
    public override int GetHashCode() => _path.GetHashCode(StringComparison.Ordinal);
}
