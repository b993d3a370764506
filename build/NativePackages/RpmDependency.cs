namespace OpenStack.NativePackages;

/// <summary>What an rpm provides or requires.</summary>
/// <param name="Name">A capability: a package, a library's symbols, the path of a file.</param>
/// <param name="Flags">How it is compared, and what it is for (rpm, include/rpm/rpmds.h).</param>
/// <param name="Version">What it is compared with: <c>epoch:version-release</c>; empty where any is as good.</param>
public sealed record RpmDependency(string Name, long Flags, string Version)
{
    const int Less = 2;
    const int Greater = 4;
    const int Equal = 8;

    /// <summary>For a script that is run before the package is there.</summary>
    const int BeforeInstallation = (1 << 6) | (1 << 9);

    /// <summary>Of the programs of rpm itself.</summary>
    public bool IsOfRpm => Name.StartsWith("rpmlib(", StringComparison.Ordinal);

    public bool IsBeforeInstallation => (Flags & BeforeInstallation) != 0;

    /// <summary>As the metadata of repositories say it; null where any version is as good.</summary>
    public string? Comparison => (Flags & (Less | Greater | Equal)) switch
    {
        Less => "LT",
        Less | Equal => "LE",
        Equal => "EQ",
        Greater | Equal => "GE",
        Greater => "GT",
        _ => null,
    };

    public override string ToString() => Comparison switch
    {
        "LT" => $"{Name} < {Version}",
        "LE" => $"{Name} <= {Version}",
        "EQ" => $"{Name} = {Version}",
        "GE" => $"{Name} >= {Version}",
        "GT" => $"{Name} > {Version}",
        _ => Name,
    };
}
