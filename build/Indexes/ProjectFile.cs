using OpenStack.Constraints;
using OpenStack.Wheels;

namespace OpenStack.Indexes;

/// <summary>A file that an index has of a project (PEP 691).</summary>
/// <param name="Name">As in <c>six-1.17.0-py2.py3-none-any.whl</c>.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Sha256">64 hexadecimal digits; null where the index does not say.</param>
public sealed record ProjectFile(string Name, Uri Url, string? Sha256)
{
    /// <summary>Versions of Python that it is for; null where it is for any.</summary>
    public string? RequiresPython { get; init; }

    /// <summary>Whether nobody is to install it any more (PEP 592).</summary>
    public bool IsYanked { get; init; }

    /// <summary>When it came; null where the index does not say (PEP 700).</summary>
    public DateTimeOffset? Uploaded { get; init; }

    /// <summary>In bytes; null where the index does not say (PEP 700).</summary>
    public long? Size { get; init; }

    /// <summary>Whether its metadata is beside it, <c>.metadata</c> (PEP 658).</summary>
    public bool HasMetadata { get; init; }

    public bool IsWheel => Name.EndsWith(".whl", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether images can have it, and where not, why.</summary>
    internal (Answer Answer, string Why) FitFor(ImagePython python) =>
        python.Admits(RequiresPython) is { Answer: not Answer.Yes } refused ? refused : python.Installs(Name);

    /// <summary>As its name says it; null where that says none.</summary>
    /// <param name="project">What it is a file of.</param>
    public PythonVersion? VersionOf(PythonName project)
    {
        if (IsWheel) return WheelName.TryParse(Name) is { } wheel ? PythonVersion.TryParse(wheel.Version) : null;
        // NAME-VERSION-pyX.Y.egg: nobody installs it, and it is a file of that version.
        if (Name.EndsWith(".egg", StringComparison.OrdinalIgnoreCase))
            return PythonVersion.TryParse(Name.Split('-').ElementAtOrDefault(1) ?? "");
        var suffix = new[] { ".tar.gz", ".zip", ".tar.bz2", ".tar.xz", ".tgz" }
            .FirstOrDefault(x => Name.EndsWith(x, StringComparison.OrdinalIgnoreCase));
        if (suffix is null) return null;
        var stem = Name[..^suffix.Length];
        // Names may have dashes, and old versions, too.
        for (var dash = stem.IndexOf('-'); dash > 0; dash = stem.IndexOf('-', dash + 1))
        {
            if (PythonName.Of(stem[..dash]) == project && PythonVersion.TryParse(stem[(dash + 1)..]) is { } version)
                return version;
        }

        return null;
    }
}
