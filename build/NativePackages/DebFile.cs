using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Packages;

namespace OpenStack.NativePackages;

/// <summary>A Debian package as a file (deb(5)): what its control file says.</summary>
/// <param name="Control">The stanza, as it is in the package.</param>
public sealed record DebFile(AbsolutePath File, string Control)
{
    const string Magic = "!<arch>\n";

    /// <summary>The only one that our packages have; see <c>images/native-package/make-deb</c>.</summary>
    const string ControlArchive = "control.tar.gz";

    const int HeaderSize = 60;

    Dictionary<string, string> Fields => ControlFields.Parse(Control);

    public string Name => Fields["Package"];

    public string Version => Fields["Version"];

    public string Architecture => Fields["Architecture"];

    public IReadOnlyList<string> Depends => [.. Fields.GetValueOrDefault("Depends", "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>The package that it is built with others from, which its place in a pool is named after.</summary>
    public string Source => Fields.GetValueOrDefault("Source", Name).Split(' ')[0];

    /// <exception cref="ProblemException">It is no package, or not one of ours.</exception>
    public static DebFile Read(AbsolutePath file)
    {
        try
        {
            using var stream = System.IO.File.OpenRead(file);
            var deb = new DebFile(file, ReadControl(stream));
            string[] required = ["Package", "Version", "Architecture"];
            return required.FirstOrDefault(x => !deb.Fields.ContainsKey(x)) is { } missing
                ? throw new InvalidDataException($"its control file has no {missing}") : deb;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new ProblemException(new Problem($"this is no package of this build: {e.Message.TrimEnd('.')}", file,
                Expected: "a package that the target Package has made"), e);
        }
    }

    static string ReadControl(Stream stream)
    {
        if (ReadText(stream, Magic.Length) != Magic) throw new InvalidDataException("it is no archive of ar");
        while (true)
        {
            var header = ReadText(stream, HeaderSize);
            var (name, size) = (header[..16].TrimEnd(' ', '/'), long.Parse(header[48..58].Trim(), null));
            if (name == ControlArchive) return ReadControlArchive(stream);
            if (name.StartsWith("data.", StringComparison.Ordinal))
                throw new InvalidDataException($"there is no {ControlArchive} before {name}");
            stream.Seek(size + (size % 2), SeekOrigin.Current);
        }
    }

    static string ReadControlArchive(Stream stream)
    {
        using var tar = new TarReader(new GZipStream(stream, CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name.TrimStart('.', '/') != "control" || entry.DataStream is null) continue;
            using var reader = new StreamReader(entry.DataStream, Encoding.UTF8);
            return reader.ReadToEnd().TrimEnd('\n') + "\n";
        }

        throw new InvalidDataException($"there is no control file in {ControlArchive}");
    }

    static string ReadText(Stream stream, int count)
    {
        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return Encoding.ASCII.GetString(bytes);
    }
}
