using System.Text;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// Writes a package of apk, version 2 of the format (apk-v2(5)): one tar archive in up to three members of gzip, the
/// signature, the control segment, and the data, whose digest the control segment has. The same input gives the same
/// bytes, as long as the runtime packs them alike, as with the layers of images.
/// </summary>
static class ApkWriter
{
    const int Level = 6;

    /// <summary>What the pax headers and the packing of all that is written depends on, beside the input.</summary>
    public static string Packing => $"{Level} {BlockGzipStream.Packing}";

    /// <param name="file">Not there before it is whole.</param>
    /// <param name="info">What the package says of itself, but its size and digest.</param>
    /// <param name="scripts">What apk runs, by name: <c>post-install</c>.</param>
    /// <param name="data">What it installs, each directory before what is in it.</param>
    /// <exception cref="InvalidDataException">apk could not read it.</exception>
    public static void Write(AbsolutePath file, ApkInfo info, IEnumerable<PackageText> scripts,
        IEnumerable<ApkEntry> data) => AtomicFile.Write(file, aside =>
    {
        AbsolutePath packed = $"{aside}.data";
        try
        {
            var (size, digest) = WriteData(packed, info.BuildDate, data);
            var whole = info with { Size = size, DataHash = digest["sha256:".Length..] };
            if (whole.WhyNot is { } why) throw new InvalidDataException(why);
            using var output = new FileStream(aside, FileMode.CreateNew, FileAccess.Write);
            output.Write(Control(whole, scripts));
            using var input = File.OpenRead(packed);
            input.CopyTo(output);
        }
        finally
        {
            File.Delete(packed);
        }
    });

    /// <summary>The same package with a signature before it; what it is known by stays.</summary>
    public static void WriteSigned(AbsolutePath file, ApkFile package, ApkKey key) => AtomicFile.Write(file, aside =>
    {
        using var output = new FileStream(aside, FileMode.CreateNew, FileAccess.Write);
        output.Write(Signature(package.Control, key, package.Info.BuildDate));
        output.Write(package.Control);
        using var data = package.OpenData();
        data.CopyTo(output);
    });

    /// <summary>The member that signs the one behind it.</summary>
    /// <param name="content">That one, as it is packed.</param>
    public static byte[] Signature(ReadOnlySpan<byte> content, ApkKey key, long time)
    {
        var signature = key.Sign(content);
        return Member(time, x => x.Add($"{ApkFile.SignaturePrefix}{key.Name}", signature, 0x1a4));
    }

    /// <summary>A segment as a member of gzip of its own.</summary>
    public static byte[] Member(long time, Action<ApkTar> write)
    {
        using var output = new MemoryStream();
        using (var gzip = Packed(output)) write(new ApkTar(gzip, time));
        return output.ToArray();
    }

    static byte[] Control(ApkInfo info, IEnumerable<PackageText> scripts) => Member(info.BuildDate, tar =>
    {
        tar.Add(ApkInfo.FileName, Encoding.UTF8.GetBytes(info.ToText()), 0x1a4);
        foreach (var script in scripts.OrderBy(x => x.Path, StringComparer.Ordinal))
            tar.Add($".{script.Path}", Encoding.UTF8.GetBytes(script.Text), 0x1ed);
    });

    static (long Size, string Digest) WriteData(AbsolutePath file, long time, IEnumerable<ApkEntry> data)
    {
        using var output = new HashingStream(new FileStream(file, FileMode.CreateNew, FileAccess.Write));
        long size = 0;
        using (var gzip = Packed(output))
        {
            var tar = new ApkTar(gzip, time);
            foreach (var entry in data)
            {
                // apk takes what begins with a dot, and has no slash behind it, for something of its own.
                if (entry.Path.StartsWith('.')) throw new InvalidDataException($"/{entry.Path} cannot be in a package");
                size += tar.Add(entry);
            }

            tar.End();
        }

        output.Flush();
        return (size, output.Digest);
    }

    static BlockGzipStream Packed(Stream output) => new(output, Level);
}
