namespace OpenStack.Catalog;

/// <summary>What one service image has of its own, beside its packages.</summary>
/// <param name="Shell">Login shell of the image's user.</param>
/// <param name="Directories">
/// Directories of that user beyond <c>/etc/…</c>, <c>/var/lib/…</c> and <c>/var/log/…</c> of the service.
/// </param>
public sealed record ImageData(string Shell, IReadOnlyList<string> Directories)
{
    /// <summary>
    /// Programs that keep their setuid or setgid bit, by path; no other program of the image has one.
    /// </summary>
    public IReadOnlyList<string> SetuidPrograms { get; init; } = [];

    /// <summary>Which of its Python modules have byte code beside them.</summary>
    public CompiledModules ByteCode { get; init; }

    /// <summary>
    /// What a release may ask for beside what every image of the service has, by name: each has a contract of its own.
    /// </summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>How upstream's own tests of it run.</summary>
    public TestSettings Tests { get; init; } = new();

    /// <summary>How what is in it runs beside others.</summary>
    public SetData Set { get; init; } = new([], null);

    /// <summary>What its source is.</summary>
    public ImageKind Kind { get; init; }

    /// <summary>That of an image that says nothing.</summary>
    public static ImageData Default { get; } = new("/usr/sbin/nologin", []);
}

/// <summary>Which Python modules of an image have byte code beside them.</summary>
public enum CompiledModules
{
    All,

    /// <summary>Those of the service alone.</summary>
    Service,
    None,
}
