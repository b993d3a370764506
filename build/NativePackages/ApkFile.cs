using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Signing;

namespace OpenStack.NativePackages;

/// <summary>A package of apk as a file (apk-v2(5)), as far as its control segment says.</summary>
/// <param name="Info">What it says of itself.</param>
/// <param name="Scripts">What apk runs, by name: <c>post-install</c>.</param>
/// <param name="Control">The control segment as it is packed: what is signed, and what the package is known by.</param>
/// <param name="Signatures">Of the control segment, by name of the key; none where it is not signed.</param>
/// <param name="DataStart">Where the data begins.</param>
sealed record ApkFile(AbsolutePath File, ApkInfo Info, IReadOnlyList<PackageText> Scripts, byte[] Control,
    IReadOnlyDictionary<string, byte[]> Signatures, long DataStart)
{
    const string AnySignature = ".SIGN.";

    /// <summary>Before the name of the key, in the name of a signature of the one kind that we make.</summary>
    public const string SignaturePrefix = AnySignature + "RSA256.";

    /// <summary>
    /// What indexes know it by, <c>C</c>: SHA-1 of the control segment, which has the digest of the data.
    /// </summary>
    public string Identity => "Q1" + Convert.ToBase64String(ApkChecksum.Of(Control));

    /// <exception cref="ProblemException">It is no package, or not one of ours.</exception>
    public static ApkFile Read(AbsolutePath file)
    {
        try
        {
            using var stream = System.IO.File.OpenRead(file);
            var members = new GzipMembers(stream);
            var (packed, content) = members.Next();
            var signatures = SegmentOf(content);
            if (!signatures.All(x => x.Name.StartsWith(AnySignature, StringComparison.Ordinal))) signatures = [];
            else (packed, content) = members.Next();
            var segment = SegmentOf(content);
            var info = segment.FirstOrDefault(x => x.Name == ApkInfo.FileName).Content
                ?? throw new InvalidDataException($"there is no {ApkInfo.FileName} in its control segment");
            return new ApkFile(file, ApkInfo.Parse(Encoding.UTF8.GetString(info)),
                [
                    .. segment.Where(x => x.Name != ApkInfo.FileName)
                        .Select(x => new PackageText(x.Name[1..], Encoding.UTF8.GetString(x.Content))),
                ],
                packed, ByKey(signatures), stream.Position);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new ProblemException(new Problem($"this is no package of apk: {e.Message.TrimEnd('.')}", file,
                Expected: "a package that the target Package has made"), e);
        }
    }

    /// <summary>The signatures of a segment, by key: those of the kind that we make.</summary>
    internal static Dictionary<string, byte[]> ByKey(IEnumerable<(string Name, byte[] Content)> signatures) =>
        signatures.Where(x => x.Name.StartsWith(SignaturePrefix, StringComparison.Ordinal))
            .ToDictionary(x => x.Name[SignaturePrefix.Length..], x => x.Content, StringComparer.Ordinal);

    /// <summary>The files of a segment that is no archive of its own, as it does not end.</summary>
    internal static IReadOnlyList<(string Name, byte[] Content)> SegmentOf(byte[] content)
    {
        var files = new List<(string, byte[])>();
        var tar = new TarStream(new MemoryStream(content));
        while (tar.Next() is { } item)
        {
            using var file = new MemoryStream();
            for (var read = tar.Read(); read.Length > 0; read = tar.Read()) file.Write(read);
            files.Add((item.Path, file.ToArray()));
        }

        return files;
    }

    internal static bool IsDamage(Exception e) =>
        e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException;

    /// <summary>The data as it is packed.</summary>
    public Stream OpenData()
    {
        var stream = System.IO.File.OpenRead(File);
        stream.Position = DataStart;
        return stream;
    }

    /// <summary>What it installs; the content of a file is there until the next one is asked for.</summary>
    /// <exception cref="InvalidDataException">The data are broken, or a file is not what its checksum says.</exception>
    public IEnumerable<(PaxTarEntry Entry, byte[] Content)> Entries()
    {
        using var tar = new TarReader(new GZipStream(OpenData(), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            var pax = entry as PaxTarEntry ?? new PaxTarEntry(entry);
            var hashed = entry.EntryType is TarEntryType.SymbolicLink ? Encoding.UTF8.GetBytes(entry.LinkName)
                : content.ToArray();
            if (entry.EntryType is not TarEntryType.Directory
                && pax.ExtendedAttributes.GetValueOrDefault(ApkTar.Checksum)
                    != Convert.ToHexStringLower(ApkChecksum.Of(hashed)))
                throw new InvalidDataException($"/{entry.Name} is not what its checksum says");
            yield return (pax, content.ToArray());
        }
    }

    /// <summary>Whether the data are those that the control segment says, and whose signature it has.</summary>
    /// <param name="key">Null where it is known by its index, as clients do.</param>
    public Problem? Check(ApkPublicKey? key)
    {
        using var data = OpenData();
        if (Convert.ToHexStringLower(SHA256.HashData(data)) != Info.DataHash)
            return new Problem("its data are others than its control segment says", File);
        if (key is null) return null;
        if (!Signatures.TryGetValue(key.Name, out var signature))
            return new Problem(Signatures.Count == 0 ? "it is not signed"
                : $"it is signed with {string.Join(", ", Signatures.Keys)}", File, Expected: $"by {key.Name}");
        return key.Verifies(Control, signature) ? null
            : new Problem($"its signature is none of {key.Name}", File, Expected: "what was signed");
    }
}
