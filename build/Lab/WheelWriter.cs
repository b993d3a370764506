using System.IO.Compression;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>Writes a wheel (binary distribution format): always the same bytes for the same distribution.</summary>
static class WheelWriter
{
    static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Writes a wheel, or links to the same one in another directory, as packing it is most of the work.
    /// </summary>
    public static void Write(AbsolutePath directory, WheelDraft wheel, IReadOnlyList<AbsolutePath> others)
    {
        var file = directory / wheel.FileName;
        var entries = Entries(wheel).ToList();
        foreach (var other in others.Select(x => x / wheel.FileName).Where(x => File.Exists(x)))
        {
            if (!Holds(other, entries)) continue;
            LinkedFile.Create(other, file);
            return;
        }

        using var archive = new ZipArchive(File.Create(file), ZipArchiveMode.Create);
        foreach (var (path, content) in entries) Add(archive, path, content);
    }

    /// <summary>All files of a wheel, the last one <c>RECORD</c>, which has the hashes of the others.</summary>
    static IEnumerable<(string Path, DebFile File)> Entries(WheelDraft wheel)
    {
        var record = new StringBuilder();
        foreach (var (path, file) in wheel.Files.OrderBy(x => x.Key, StringComparer.Ordinal)
            .Select(x => (x.Key, x.Value)).Concat(Metadata(wheel)))
        {
            record.Append(Quote(path)).Append(",sha256=").Append(file.Hash).Append(',').Append(file.Bytes.Length)
                .Append('\n');
            yield return (path, file);
        }

        var name = $"{wheel.InfoDirectory}/RECORD";
        yield return (name, Text(record.Append(name).Append(",,\n").ToString()));
    }

    static IEnumerable<(string Path, DebFile File)> Metadata(WheelDraft wheel)
    {
        yield return ($"{wheel.InfoDirectory}/METADATA", Text(wheel.Metadata.ToString()));
        yield return ($"{wheel.InfoDirectory}/WHEEL", Text(
            $"Wheel-Version: 1.0\nGenerator: openstack-lab\nRoot-Is-Purelib: {(wheel.IsNative ? "false" : "true")}\n"
            + $"Tag: {wheel.Tag}\n"));
        if (wheel.EntryPoints is { } entryPoints) yield return ($"{wheel.InfoDirectory}/entry_points.txt",
            new DebFile(entryPoints, isExecutable: false));
    }

    static DebFile Text(string text) => new(Encoding.UTF8.GetBytes(text), isExecutable: false);

    /// <summary>Whether a wheel is one of these entries; its <c>RECORD</c> speaks for what they hold.</summary>
    static bool Holds(AbsolutePath wheel, List<(string Path, DebFile File)> entries)
    {
        using var archive = ZipFile.OpenRead(wheel);
        if (!archive.Entries.Select(x => (x.FullName, x.ExternalAttributes))
            .SequenceEqual(entries.Select(x => (x.Path, Attributes(x.File))))) return false;
        using var stream = archive.Entries[^1].Open();
        var record = new MemoryStream();
        stream.CopyTo(record);
        return record.ToArray().AsSpan().SequenceEqual(entries[^1].File.Bytes);
    }

    static void Add(ZipArchive archive, string path, DebFile file)
    {
        var entry = archive.CreateEntry(path, CompressionLevel.Fastest);
        entry.LastWriteTime = s_time;
        entry.ExternalAttributes = Attributes(file);
        using var stream = entry.Open();
        stream.Write(file.Bytes);
    }

    static int Attributes(DebFile file) => Convert.ToInt32(file.IsExecutable ? "100755" : "100644", 8) << 16;

    static string Quote(string field) =>
        field.AsSpan().ContainsAny(',', '"') ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
