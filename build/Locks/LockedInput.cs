using System.Globalization;

namespace OpenStack.Locks;

/// <summary>Something that an image is built from, by the digest of its bytes.</summary>
/// <param name="Kind">The word that its line begins with.</param>
/// <param name="Name">What it is called.</param>
public abstract record LockedInput(string Kind, string Name)
{
    /// <summary>What stays the same when another version takes its place; no lock has two of one.</summary>
    public virtual string Key => $"{Kind} {Name}";

    /// <summary>Which one of that name it is, for people.</summary>
    public abstract string Version { get; }

    /// <summary>The digest of its bytes, or what stands for it.</summary>
    public abstract string Content { get; }

    /// <summary>Its line, without what the line begins with.</summary>
    protected abstract IReadOnlyList<string> Fields { get; }

    /// <summary>One line of a lock: words with a space between them.</summary>
    public string Line => string.Join(' ', [Kind, Name, .. Fields]);

    public sealed override string ToString() => $"{Kind} {Name} {Version}";
}

/// <summary>A file to download: a package of the distribution, a Python distribution.</summary>
/// <param name="Kind">One of <see cref="FileKind"/>.</param>
/// <param name="PackageVersion">As its index has it.</param>
/// <param name="Architecture">
/// Of a package of the distribution, as in <c>amd64</c> and <c>all</c>; null of others.
/// </param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="Size">In bytes; null where its index does not say.</param>
/// <param name="Url">
/// Where it is; below <see cref="Wheelhouse"/> where it comes from a directory of this machine.
/// </param>
public sealed record LockedFile(
    string Kind, string Name, string PackageVersion, string? Architecture, string Sha256, long? Size,
    string Url) : LockedInput(Kind, Name)
{
    /// <summary>What the place of a file of <c>--wheelhouse</c> begins with.</summary>
    public const string Wheelhouse = "wheelhouse/";

    internal const string Unknown = "-";

    /// <summary>Wheel or source is a choice of the same distribution.</summary>
    public override string Key => Kind switch
    {
        FileKind.Deb => $"{Kind} {Name} {Architecture}",
        FileKind.Wheel or FileKind.Sdist => $"python {Name}",
        _ => base.Key,
    };

    public override string Version => PackageVersion;

    public override string Content => $"sha256:{Sha256}";

    public string FileName => Uri.UnescapeDataString(Url.Split('?', '#')[0].Split('/')[^1]);

    protected override IReadOnlyList<string> Fields =>
    [
        PackageVersion, .. Architecture is null ? [] : new[] { Architecture }, Content,
        Size?.ToString(CultureInfo.InvariantCulture) ?? Unknown, Url,
    ];
}

/// <summary>Kinds of files.</summary>
public static class FileKind
{
    /// <summary>A package of the distribution that is installed.</summary>
    public const string Deb = "deb";

    /// <summary>A wheel that is installed as it is.</summary>
    public const string Wheel = "wheel";

    /// <summary>A source distribution that a wheel is built from and installed.</summary>
    public const string Sdist = "sdist";

    /// <summary>
    /// The source distribution of a wheel: no build needs it, who wants to build from source or to read it does.
    /// </summary>
    public const string Source = "source";

    /// <summary>
    /// A distribution that wheels are built with: those of sources, of libraries, of the service itself.
    /// </summary>
    public const string Build = "build";

    public static IReadOnlyList<string> All => [Build, Deb, Wheel, Sdist, Source];
}

/// <summary>An image of a registry, or files that stand in for one.</summary>
/// <param name="Digest"><c>sha256:…</c> of its manifest or index.</param>
public sealed record LockedImage(string Name, string Digest) : LockedInput(KindName, Name)
{
    internal const string KindName = "image";

    public override string Version => Digest;

    public override string Content => Digest;

    protected override IReadOnlyList<string> Fields => [Digest];
}

/// <summary>
/// A suite of a package archive as it was: its signed <c>InRelease</c> file, which leads by digests to all packages.
/// </summary>
/// <param name="Name">As in <c>noble-updates</c>.</param>
/// <param name="Archive">Where <c>dists/</c> and <c>pool/</c> are, with a slash at its end.</param>
/// <param name="Sha256">Of the file, 64 hexadecimal digits.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Date">Its own, in UTC.</param>
/// <param name="Snapshot">Where an archive of archives has the same as it was then; null where none is known.</param>
public sealed record LockedSuite(string Name, string Archive, string Sha256, long Size, DateTimeOffset Date,
    string? Snapshot)
    : LockedInput(KindName, Name)
{
    internal const string KindName = "suite";

    internal const string DateFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public override string Key => $"{Kind} {Name} {Archive}";

    public override string Version => Date.UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture);

    public override string Content => $"sha256:{Sha256}";

    protected override IReadOnlyList<string> Fields =>
        [Version, Content, Size.ToString(CultureInfo.InvariantCulture), Archive, Snapshot ?? LockedFile.Unknown];
}

/// <summary>Source code by the commit that its ref meant.</summary>
/// <param name="Ref">As it was asked for: a branch, a tag, a commit.</param>
/// <param name="Commit">40 or 64 hexadecimal digits.</param>
public sealed record LockedCommit(string Name, string Ref, string Commit, string Url) : LockedInput(KindName, Name)
{
    internal const string KindName = "git";

    public override string Version => Ref;

    public override string Content => Commit;

    protected override IReadOnlyList<string> Fields => [Ref, Commit, Url];
}

/// <summary>An input that has no digest: it is named, so that nobody takes the lock for complete.</summary>
/// <param name="Why">A text of several words.</param>
public sealed record UnlockedInput(string Name, string Why) : LockedInput(KindName, Name)
{
    internal const string KindName = "unlocked";

    public override string Version => Why;

    public override string Content => Why;

    protected override IReadOnlyList<string> Fields => [Why];
}
