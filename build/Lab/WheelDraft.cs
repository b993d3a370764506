using OpenStack.Constraints;
using OpenStack.Packages;

namespace OpenStack.Lab;

/// <summary>A distribution on its way from a Debian package to a wheel.</summary>
/// <param name="Package">The Debian package it comes from.</param>
/// <param name="Python">Version of the interpreter of native code, e.g. <c>3.13</c>.</param>
/// <param name="Machine">The kernel's name of the architecture, e.g. <c>x86_64</c>.</param>
sealed record WheelDraft(string Package, string Name, string Version, CoreMetadata Metadata, string Python,
    string Machine)
{
    public IReadOnlyDictionary<string, DebFile> Files { get; init; } = new Dictionary<string, DebFile>();

    public byte[]? EntryPoints { get; init; }

    /// <summary>Debian packages it depends on.</summary>
    public IReadOnlySet<string> Depends { get; init; } = new HashSet<string>();

    /// <summary>Debian packages that it stands for.</summary>
    public IReadOnlySet<string> Provides { get; init; } = new HashSet<string>();

    /// <summary>Whether it holds machine code.</summary>
    public bool IsNative { get; init; }

    /// <summary>Name as requirements compare it (PEP 503).</summary>
    public string Key => PythonName.Of(Name).Value;

    public string Tag => IsNative
        ? $"cp{Python.Replace(".", "", StringComparison.Ordinal)}-cp"
            + $"{Python.Replace(".", "", StringComparison.Ordinal)}-linux_{Machine}"
        : "py3-none-any";

    public string FileName => $"{Stem}-{Tag}.whl";

    public string InfoDirectory => $"{Stem}.dist-info";

    /// <summary>
    /// Directory in the wheel whose <c>data</c> and <c>scripts</c> go to the environment's root and <c>bin</c>.
    /// </summary>
    public string DataDirectory => $"{Stem}.data";

    /// <summary>
    /// Shared libraries that the machine it runs on must have, as Debian packages; what every base image has is left
    /// out, and so are the names that several packages provide (<c>libblas.so.3</c>).
    /// </summary>
    public IReadOnlyList<string> RuntimeLibraries => IsNative
        ? [.. Depends.Where(x => x.StartsWith("lib", StringComparison.Ordinal)
            && !x.Contains(".so.")
            && x is not ("libc6" or "libgcc-s1" or "libstdc++6"))
            .Order(StringComparer.Ordinal)]
        : [];

    string Stem => $"{Key.Replace('-', '_')}-{Version}";
}
