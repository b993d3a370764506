namespace OpenStack.Constraints;

/// <summary>One comparison of PEP 440, as in <c>&gt;=3.10</c>.</summary>
/// <param name="Operator">One of <see cref="Operators"/>.</param>
/// <param name="Version">The version as written; with <c>==</c> and <c>!=</c> it may end in <c>.*</c>.</param>
public sealed record VersionSpecifier(string Operator, string Version)
{
    /// <summary>The operators, none before one that it begins with.</summary>
    public static IReadOnlyList<string> Operators { get; } = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"];

    /// <summary>Whether it asks for a prefix (<c>==1.2.*</c>).</summary>
    public bool IsPrefix => Version.EndsWith(".*", StringComparison.Ordinal) && (Operator is "==" or "!=");

    /// <summary>Whether the version is one that the operator can compare with.</summary>
    public bool IsValid => Operator == "===" ? Version.Length > 0 : PythonVersion.TryParse(Prefix) is { } x && (Operator != "~=" || x.Release.Count > 1);

    /// <summary>PEP 440, "Version specifiers". False where one of the versions is none.</summary>
    public bool Admits(string version)
    {
        if (Operator == "===") return string.Equals(version, Version, StringComparison.OrdinalIgnoreCase);
        if (PythonVersion.TryParse(version) is not { } candidate || PythonVersion.TryParse(Prefix) is not { } wanted) return false;
        // A local version counts only where the specifier names one.
        var plain = wanted.Local is null ? candidate.WithoutLocal() : candidate;
        return Operator switch
        {
            "==" => IsPrefix ? candidate.StartsWith(wanted) : plain == wanted,
            "!=" => IsPrefix ? !candidate.StartsWith(wanted) : plain != wanted,
            "<=" => candidate.WithoutLocal() <= wanted,
            ">=" => candidate.WithoutLocal() >= wanted,
            "<" => candidate < wanted && !(candidate.IsPreRelease && !wanted.IsPreRelease && candidate.HasSameRelease(wanted)),
            ">" => candidate > wanted && !(candidate.Post is not null && wanted.Post is null && candidate.HasSameRelease(wanted))
                && !(candidate.Local is not null && candidate.HasSameRelease(wanted)),
            _ => candidate.WithoutLocal() >= wanted && HasCompatiblePrefix(candidate, wanted),
        };
    }

    public override string ToString() => Operator + Version;

    string Prefix => IsPrefix ? Version[..^2] : Version;

    /// <summary><c>~=1.4.5</c> stays within 1.4.</summary>
    static bool HasCompatiblePrefix(PythonVersion candidate, PythonVersion wanted) => candidate.Epoch == wanted.Epoch
        && wanted.Release.SkipLast(1).Select((x, i) => x == (i < candidate.Release.Count ? candidate.Release[i] : 0)).All(x => x);
}
