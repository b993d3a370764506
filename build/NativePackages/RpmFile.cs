using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.NativePackages;

/// <summary>A file that an rpm installs.</summary>
/// <param name="Path">On the host.</param>
/// <param name="Kind">As the metadata of repositories call it: <c>dir</c>, <c>ghost</c>, or nothing.</param>
public sealed record RpmContent(string Path, string Kind);

/// <summary>An entry of an rpm's changelog.</summary>
/// <param name="Time">Seconds since 1970.</param>
public sealed record RpmChange(string Author, long Time, string Text);

/// <summary>A package of rpm as a file (rpm, docs/manual/format_v4.md): what its headers say.</summary>
public sealed class RpmFile
{
    /// <summary>What every rpm begins with, and nothing reads any more, in bytes.</summary>
    public const int LeadSize = 96;

    const int DirectoryMode = 0x4000;
    const int ModeMask = 0xf000;
    const int GhostFlag = 1 << 6;

    static readonly byte[] s_lead = [0xed, 0xab, 0xee, 0xdb];

    RpmFile(AbsolutePath file, RpmHeader signatures, RpmHeader header, long start) =>
        (File, Signatures, Header, HeaderStart) = (file, signatures, header, start);

    public AbsolutePath File { get; }

    public RpmHeader Signatures { get; }

    public RpmHeader Header { get; }

    /// <summary>Where the header begins, in bytes.</summary>
    public long HeaderStart { get; }

    public string Name => Required(RpmTag.Name);

    public long Epoch => Header.Number(RpmTag.Epoch);

    public string Version => Required(RpmTag.Version);

    public string Release => Required(RpmTag.Release);

    public string VersionRelease => $"{(Epoch == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Epoch}:"))}"
        + $"{Version}-{Release}";

    public string Architecture => Required(RpmTag.Architecture);

    /// <summary>Name, version, release and architecture: of one build there is one.</summary>
    public string Nevra => $"{Name}-{VersionRelease}.{Architecture}";

    public IReadOnlyList<RpmDependency> Requires =>
        Dependencies(RpmTag.RequireName, RpmTag.RequireFlags, RpmTag.RequireVersion);

    public IReadOnlyList<RpmDependency> Provides =>
        Dependencies(RpmTag.ProvideName, RpmTag.ProvideFlags, RpmTag.ProvideVersion);

    /// <summary>
    /// The digest of its header, which has that of its payload: what is the same whoever has signed it.
    /// </summary>
    public string HeaderDigest => Signatures.Text(RpmTag.HeaderSha256)
        ?? throw new InvalidDataException("it does not say the digest of its header");

    /// <summary>A signature of its header, as OpenPGP has it; null where it is not signed.</summary>
    public byte[]? Signature => Signatures.Data(RpmTag.RsaSignature) ?? Signatures.Data(RpmTag.OtherSignature);

    public IReadOnlyList<RpmContent> Contents
    {
        get
        {
            var (names, directories) = (Header.Texts(RpmTag.BaseNames), Header.Texts(RpmTag.DirectoryNames));
            var (indexes, modes) = (Header.Numbers(RpmTag.DirectoryIndexes), Header.Numbers(RpmTag.FileModes));
            var flags = Header.Numbers(RpmTag.FileFlags);
            return [.. names.Select((x, i) => new RpmContent(directories[(int)indexes[i]] + x,
                (modes[i] & ModeMask) == DirectoryMode ? "dir" : (flags[i] & GhostFlag) != 0 ? "ghost" : ""))];
        }
    }

    public IReadOnlyList<RpmChange> Changes
    {
        get
        {
            var (times, texts) = (Header.Numbers(RpmTag.ChangelogTime), Header.Texts(RpmTag.ChangelogText));
            return [.. Header.Texts(RpmTag.ChangelogName).Select((x, i) => new RpmChange(x, times[i], texts[i]))];
        }
    }

    /// <exception cref="ProblemException">It is no package.</exception>
    public static RpmFile Read(AbsolutePath file)
    {
        try
        {
            using var stream = System.IO.File.OpenRead(file);
            var lead = new byte[LeadSize];
            stream.ReadExactly(lead);
            if (!lead.AsSpan(0, s_lead.Length).SequenceEqual(s_lead))
                throw new InvalidDataException("it does not begin as one");
            var signatures = RpmHeader.Read(stream);
            stream.Position = (stream.Position + 7) / 8 * 8;
            var start = stream.Position;
            var rpm = new RpmFile(file, signatures, RpmHeader.Read(stream), start);
            // Looked at here, so that nothing is missing later.
            _ = (rpm.Nevra, rpm.HeaderDigest);
            return rpm;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ArgumentException)
        {
            throw new ProblemException(new Problem($"this is no package of this build: {e.Message.TrimEnd('.')}", file,
                Expected: "a package that the target Package has made"), e);
        }
    }

    string Required(int tag) => Header.Text(tag)
        ?? throw new InvalidDataException($"its header has no tag {tag}");

    List<RpmDependency> Dependencies(int names, int flags, int versions)
    {
        var (how, which) = (Header.Numbers(flags), Header.Texts(versions));
        return [.. Header.Texts(names).Select((x, i) => new RpmDependency(x, how[i], which[i]))];
    }
}
