using System.Text;
using System.Text.RegularExpressions;
using OpenStack.Constraints;

namespace OpenStack.Catalog;

/// <summary>
/// What names may look like. They end in paths, command lines, URLs and Dockerfile arguments, so each rule admits what
/// the field uses and nothing that means something to a shell, a path or an option parser. Refs are what other people's
/// repositories have: those alone may mean something to a shell, which is why they are never given to one.
/// </summary>
public static partial class Names
{
    /// <summary>An OpenStack release: year and ordinal, <c>2025.1</c>.</summary>
    public static NameRule Release { get; } = new("release", "year.number as in 2025.1",
        x => x.Length is 6 or 7 && x[4] == '.' && x.Remove(4, 1).All(char.IsAsciiDigit))
    {
        Pattern = @"^[0-9]{4}\.[0-9]{1,2}$",
    };

    /// <summary>A component (service or library), which is also the name of its repository and of its image.</summary>
    public static NameRule Component { get; } = new("component",
        "lower-case letters, digits and . _ - between them, as in oslo.messaging",
        x => x.Length is > 0 and <= 100
            && IsLowerOrDigit(x[0])
            && IsLowerOrDigit(x[^1])
            && x.All(c => IsLowerOrDigit(c) || c is '.' or '_' or '-'))
    {
        Pattern = @"^(?=.{1,100}$)[a-z0-9]([a-z0-9._-]*[a-z0-9])?$",
    };

    /// <summary>A group of services.</summary>
    public static NameRule Group { get; } = new("group",
        "lower-case letters, digits and - that begin with a letter, as in core",
        x => x.Length is > 0 and <= 100 && char.IsAsciiLetterLower(x[0])
            && x.All(c => IsLowerOrDigit(c) || c == '-'))
    {
        Pattern = @"^[a-z][a-z0-9-]{0,99}$",
    };

    /// <summary>
    /// A branch, a tag, a commit, or the full name of another ref: <c>git check-ref-format --allow-onelevel</c>, and no
    /// option.
    /// </summary>
    public static NameRule Ref { get; } =
        new("git ref", "a branch, a tag or a commit SHA, as 'git check-ref-format' admits it", IsRef)
        {
            Pattern = @"^(?!-|@$)(?!.*(\.\.|@\{|//))"
            + @"(?!.*(\.|/|\.lock)$)(?!.*\.lock/)(?!/)(?!(.*/)?\.)[^\x00-\x20\x7f~^:?*\[\\]+$",
        };

    /// <summary>Debian Policy §5.6.1.</summary>
    public static NameRule AptPackage { get; } = new("apt package",
        "lower-case letters, digits and + - . as in libpython3.12t64",
        x => x.Length is > 1 and <= 200
            && IsLowerOrDigit(x[0])
            && x.All(c => IsLowerOrDigit(c) || c is '+' or '-' or '.'))
    {
        Pattern = @"^[a-z0-9][a-z0-9+.-]{1,199}$",
    };

    /// <summary>Name of a Python distribution or of an extra, PEP 508.</summary>
    public static NameRule PythonDistribution { get; } = new("Python distribution",
        "letters, digits and . _ - between them", PythonName.IsValid)
    {
        Pattern = @"^(?=.{1,200}$)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
    };

    /// <summary>An installed program, as a file in a <c>bin</c> directory.</summary>
    public static NameRule Program { get; } = new("program",
        "letters, digits and . _ + - that begin with a letter or a digit",
        x => x.Length is > 0 and <= 100
            && char.IsAsciiLetterOrDigit(x[0])
            && x.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' or '-'))
    {
        Pattern = @"^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$",
    };

    /// <summary>A program and what is said to it, words apart by single blanks; no shell reads it.</summary>
    public static NameRule CommandLine { get; } = new("command",
        "words of letters, digits and . _ - / = apart by single blanks, a program first, as in heat-manage db_sync",
        x => x.Length <= 200 && Program.Admits(x.Split(' ')[0])
            && x.Split(' ').All(y => y.Length > 0 && y.All(c => char.IsAsciiLetterOrDigit(c) || "._-/=".Contains(c))))
    {
        Pattern = @"^(?=.{1,200}$)[A-Za-z0-9][A-Za-z0-9._-]{0,99}( [A-Za-z0-9._/=-]+)*$",
    };

    /// <summary>A Python module with its packages.</summary>
    public static NameRule PythonModule { get; } = new("Python module",
        "identifiers with dots between them as in nova.wsgi.metadata",
        x => x.Length is > 0 and <= 200
            && x.Split('.')
                .All(part => part.Length > 0
                    && !char.IsAsciiDigit(part[0])
                    && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')))
    {
        Pattern = @"^(?=.{1,200}$)[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$",
    };

    /// <summary>A path in an image.</summary>
    public static NameRule AbsolutePath { get; } = new("path",
        "an absolute path of letters, digits and . _ - as in /var/lib/nova/instances",
        x => x.Length is > 1 and <= 200
            && x[0] == '/'
            && x[1..].Split('/')
                .All(part => part is not ("" or "." or "..")
                    && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')))
    {
        Pattern = @"^(?=.{2,200}$)(/(?!\.{1,2}(/|$))[A-Za-z0-9._-]+)+$",
    };

    /// <summary>A file or directory of a source tree, from its root.</summary>
    public static NameRule PathInTree { get; } = new("path in the tree",
        "a relative path of letters, digits and . _ - as in keystone/tests/unit",
        x => AbsolutePath.Admits($"/{(x.StartsWith("./", StringComparison.Ordinal) ? x[2..] : x)}"))
    {
        Pattern = @"^(\./)?(?=.{1,199}$)(?!\.{1,2}(/|$))[A-Za-z0-9._-]+(/(?!\.{1,2}(/|$))[A-Za-z0-9._-]+)*$",
    };

    /// <summary>An environment variable, POSIX 8.1.</summary>
    public static NameRule Variable { get; } = new("variable", "capital letters, digits and _ as in OS_TEST_PATH",
        x => x.Length is > 0 and <= 100 && !char.IsAsciiDigit(x[0])
            && x.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'))
    {
        Pattern = @"^[A-Z_][A-Z0-9_]{0,99}$",
    };

    /// <summary>A capability, as engines name it: capabilities(7) without <c>CAP_</c>.</summary>
    public static NameRule Capability { get; } = new("capability",
        "capital letters and _ as in SYS_ADMIN, without CAP_",
        x => x.Length is > 0 and <= 40 && x.All(c => char.IsAsciiLetterUpper(c) || c == '_')
            && !x.StartsWith("CAP_", StringComparison.Ordinal))
    {
        Pattern = @"^(?!CAP_)[A-Z_]{1,40}$",
    };

    /// <summary>A database of a service, as MariaDB, PostgreSQL and SQL take it without quotes.</summary>
    public static NameRule Database { get; } = new("database", "lower-case letters, digits and _ as in nova_api",
        x => x.Length is > 0 and <= 60 && char.IsAsciiLetterLower(x[0])
            && x.All(c => IsLowerOrDigit(c) || c == '_'))
    {
        Pattern = @"^[a-z][a-z0-9_]{0,59}$",
    };

    /// <summary>Where something answers on the machine that it runs on.</summary>
    public static NameRule ReadyAddress { get; } = new("address",
        "tcp:// or http:// and a port of 127.0.0.1, as in http://127.0.0.1:5000/v3",
        x => ReadyAddresses().IsMatch(x) && !x.EndsWith('\n'))
    {
        Pattern = ReadyPattern,
    };

    const string ReadyPattern =
        @"^(http://127\.0\.0\.1(:[1-9][0-9]{0,4})?|tcp://127\.0\.0\.1:[1-9][0-9]{0,4})([/?#].*)?$";

    [GeneratedRegex(ReadyPattern)]
    private static partial Regex ReadyAddresses();

    static bool IsLowerOrDigit(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);

    /// <summary>What a file system takes as a name, less the ending of git's lock on it, in bytes.</summary>
    const int LongestOfRef = 250;

    static bool IsRef(string x) => x is not ("" or "@" or ['-', ..])
        && !x.Any(c => c is < ' ' or '\x7f' or ' ' or '~' or '^' or ':' or '?' or '*' or '[' or '\\')
        && !x.Contains("..", StringComparison.Ordinal)
        && !x.Contains("@{", StringComparison.Ordinal)
        && !x.EndsWith('.')
        && x.Split('/')
            .All(part => part.Length > 0
                && part[0] != '.'
                && !part.EndsWith(".lock", StringComparison.Ordinal)
                && Encoding.UTF8.GetByteCount(part) <= LongestOfRef);
}
