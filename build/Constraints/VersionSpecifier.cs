namespace OpenStack.Constraints;

/// <summary>One comparison of PEP 440, as in <c>&gt;=3.10</c>.</summary>
/// <param name="Operator">One of <see cref="Operators"/>.</param>
/// <param name="Version">The version as written; with <c>==</c> and <c>!=</c> it may end in <c>.*</c>.</param>
public sealed record VersionSpecifier(string Operator, string Version)
{
    /// <summary>The operators, none before one that it begins with.</summary>
    public static IReadOnlyList<string> Operators { get; } = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"];

    /// <summary>Whether it asks for a prefix (<c>==1.2.*</c>).</summary>
    public bool IsPrefix => IsEquality && EndsInPrefix;

    /// <summary>Whether the version is one that the operator can compare with.</summary>
    public bool IsValid => Mistake is null;

    /// <summary>Why PEP 440 ("Version specifiers") does not admit it, for people; null where it does.</summary>
    public string? Mistake
    {
        get
        {
            if (Operator == "===") return Version.Length > 0 && !Version.Any(IsDelimiter)
                ? null : $"'{Version}' is not a version";
            if (PythonVersion.TryParse(Number) is not { } version) return $"'{Version}' is not a version";
            if (EndsInPrefix && !IsEquality) return $"'{Operator}' does not compare with a prefix, '{Version}'";
            if (EndsInPrefix && !version.IsRelease) return $"'{Version}' is a prefix of more than a release";
            if (version.Local is not null && !IsEquality)
                return $"'{Operator}' does not compare with a local version, '{Version}'";
            return Operator == "~=" && version.Release.Count < 2
                ? $"'~=' compares with two numbers or more, not with '{Version}'" : null;
        }
    }

    /// <summary>PEP 440, "Version specifiers". False where one of the versions is none.</summary>
    public bool Admits(string version)
    {
        var read = PythonVersion.TryParse(version);
        if (Operator == "===")
            return string.Equals(read?.Normal ?? version, Version, StringComparison.OrdinalIgnoreCase);
        if (read is not { } candidate || !IsValid || PythonVersion.TryParse(Number) is not { } wanted) return false;
        // A local version counts only where the specifier names one.
        var plain = wanted.Local is null ? candidate.WithoutLocal() : candidate;
        return Operator switch
        {
            "==" => IsPrefix ? candidate.StartsWith(wanted) : plain == wanted,
            "!=" => IsPrefix ? !candidate.StartsWith(wanted) : plain != wanted,
            "<=" => candidate.WithoutLocal() <= wanted,
            ">=" => candidate.WithoutLocal() >= wanted,
            "<" => candidate < wanted && (wanted.IsPreRelease || !candidate.IsPreReleaseOf(wanted)),
            // Neither a local version of it nor, where it is none itself, a post-release of it.
            ">" => candidate.WithoutLocal() > wanted
                && (wanted.Post is not null || wanted.Dev is not null || !candidate.IsPostReleaseOf(wanted)),
            _ => candidate.WithoutLocal() >= wanted && HasCompatiblePrefix(candidate, wanted),
        };
    }

    public override string ToString() => Operator + Version;

    bool IsEquality => Operator is "==" or "!=";

    bool EndsInPrefix => Version.EndsWith(".*", StringComparison.Ordinal);

    string Number => EndsInPrefix ? Version[..^2] : Version;

    /// <summary>What ends an arbitrary version in a requirement.</summary>
    static bool IsDelimiter(char c) => char.IsWhiteSpace(c) || c is ';' or ')' or ',';

    /// <summary><c>~=1.4.5</c> stays within 1.4.</summary>
    static bool HasCompatiblePrefix(PythonVersion candidate, PythonVersion wanted) => candidate.Epoch == wanted.Epoch
        && wanted.Release.SkipLast(1)
            .Select((x, i) => x == (i < candidate.Release.Count ? candidate.Release[i] : 0))
            .All(x => x);
}
