using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Packages;

namespace OpenStack.Holdings;

/// <summary>What is asked of images: a package, or a change.</summary>
/// <param name="Package">Name or purl, <c>oslo.messaging</c>, <c>pkg:deb/debian/openssl</c>; null for any.</param>
/// <param name="Versions">Those that are meant; none for all.</param>
/// <param name="Change">What makes the difference; null where only packages are asked for.</param>
public sealed record Question(string? Package, IReadOnlyList<VersionSpecifier> Versions, Change? Change)
{
    /// <param name="package">As <c>--package</c> has it.</param>
    /// <param name="version">As <c>--version</c> has it: <c>&lt;16.1.1,&gt;=16</c>.</param>
    /// <param name="changes">By the option that names it; those that are not null.</param>
    /// <exception cref="ProblemException">It asks for nothing, or for too much; all of it at once.</exception>
    public static Question Of(string? package, string? version, IReadOnlyDictionary<string, Func<Change>?> changes)
    {
        var problems = new List<Problem>();
        var given = changes.Where(x => x.Value is not null).ToList();
        if (package is null && given.Count == 0)
            problems.Add(new Problem("nothing is asked", Expected: $"--package or {string.Join(" or ", changes.Keys)}",
                Remedy: "./build.sh WhoHas --package oslo.messaging --version '<16.1.1'"));
        if (given.Count > 1)
            problems.Add(new Problem($"{string.Join(" and ", given.Select(x => x.Key))} are asked at once",
                Expected: "one of them"));
        if (version is not null && package is null)
            problems.Add(new Problem("--version says of no package which one is meant", Remedy: "Give --package"));
        var (name, of) = Split(package);
        if (of is not null && version is not null)
            problems.Add(new Problem($"--package has a version, {of}, and --version another one",
                Expected: "one of them"));
        var versions = (version ?? (of is null ? "" : $"=={of}"))
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(x => SpecifierOf(x, problems)).OfType<VersionSpecifier>().ToList();
        ProblemException.ThrowIfAny(problems);
        return new Question(name, versions, given.Count == 0 ? null : given[0].Value!());
    }

    readonly PythonName? _name = Package is null ? null : PythonName.Of(Package);

    /// <summary>
    /// Whether the answer may depend on a component: where a change is asked for, it is that of others that tells which
    /// lack it.
    /// </summary>
    public bool MayConcern(HeldComponent component) => Change is not null || IsPackage(component);

    /// <summary>
    /// The one name that components have which the answer depends on, as <see cref="PythonName"/> writes it; null where
    /// it is not the name that tells them.
    /// </summary>
    public string? PlainName =>
        Change is not null || Package?.StartsWith("pkg:", StringComparison.Ordinal) == true ? null : _name?.Value;

    /// <summary>Whether a component is the package that is asked for, in any version.</summary>
    public bool IsPackage(HeldComponent component)
    {
        if (Package is null) return true;
        if (Package.StartsWith("pkg:", StringComparison.Ordinal))
            return $"pkg:{component.Key}".Equals(Package, StringComparison.OrdinalIgnoreCase);
        return component.Key.StartsWith("pypi/", StringComparison.Ordinal)
            ? PythonName.Of(component.Name) == _name
            : component.Name.Equals(Package, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Whether its version is one of those that are meant, in the order of its kind; null where nobody can tell.
    /// </summary>
    public bool? IsVersion(HeldComponent component)
    {
        if (Versions.Count == 0) return true;
        if (component.Key.StartsWith("deb/", StringComparison.Ordinal))
            return Versions.Aggregate((bool?)true, (all, x) => all & AdmitsDebian(x, component.Version));
        if (PythonVersion.TryParse(component.Version) is not null)
            return Versions.All(x => x.IsValid) ? Versions.All(x => x.Admits(component.Version)) : null;
        return Versions.Any(x => x.Operator is not ("==" or "===")) ? null
            : Versions.All(x => x.Version == component.Version);
    }

    public override string ToString() => string.Join(", ", new[]
    {
        Package is null ? null : $"{Package}{string.Join(',', Versions)}", Change?.Name,
    }.OfType<string>());

    static (string? Name, string? Version) Split(string? package)
    {
        if (package is null || !package.StartsWith("pkg:", StringComparison.Ordinal)) return (package, null);
        var plain = package.Split('?', '#')[0];
        var at = plain.LastIndexOf('@');
        return at <= "pkg:".Length ? (plain, null) : (plain[..at], Uri.UnescapeDataString(plain[(at + 1)..]));
    }

    /// <summary>A Debian version is none of PEP 440's: it is judged with what it is compared with.</summary>
    static VersionSpecifier? SpecifierOf(string text, List<Problem> problems)
    {
        var sign = VersionSpecifier.Operators.FirstOrDefault(x => text.StartsWith(x, StringComparison.Ordinal));
        var version = text[(sign?.Length ?? 0)..].Trim();
        if (version.Length > 0 && version.All(x => char.IsAsciiLetterOrDigit(x) || ".+-:~*!_".Contains(x)))
            return new VersionSpecifier(sign ?? "==", version);
        problems.Add(new Problem($"--version has '{text}'",
            Expected: "comparisons, as in '<16.1.1' or '>=3.0,<3.0.17-1'"));
        return null;
    }

    static bool? AdmitsDebian(VersionSpecifier specifier, string version)
    {
        var order = DebianVersion.Compare(version, specifier.Version);
        return specifier.Operator switch
        {
            "==" or "===" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            _ => null,
        };
    }
}

/// <summary>A change that images have or lack.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="IsIn">Whether a patch makes it.</param>
/// <param name="Commit">Of upstream, or the beginning of it, where that is asked for.</param>
public sealed record Change(string Name, Func<HeldPatch, bool> IsIn, string? Commit = null)
{
    /// <summary>What mends a vulnerability.</summary>
    public static Change OfVulnerability(string id) => new(id, x =>
        x.Resolves.Concat(x.Header.Vulnerabilities).Contains(id, StringComparer.OrdinalIgnoreCase));

    /// <summary>A patch by its Change-Id, by the name of its file, or by its digest.</summary>
    public static Change OfPatch(string id)
    {
        var name = id.EndsWith(".patch", StringComparison.Ordinal) ? Path.GetFileName(id) : id;
        return new(id, x => x.Header.ChangeId == id || x.Name == name || x.Name == $"{name}.patch" || x.Digest == id);
    }

    /// <summary>A commit of upstream, whole or by its beginning.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static Change OfCommit(string id)
    {
        var commit = id.ToLowerInvariant();
        if (commit.Length is < 7 or > 64 || !commit.All(char.IsAsciiHexDigitLower))
            throw new ProblemException(new Problem($"--commit has '{id}'", Expected: "7 to 64 hexadecimal digits"));
        return new(commit, x => x.Header.CherryPickedFrom.Any(y => y.StartsWith(commit, StringComparison.Ordinal)),
            commit);
    }
}
