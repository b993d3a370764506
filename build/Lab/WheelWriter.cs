using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Nuke.Common.IO;

namespace OpenStack.Lab;

/// <summary>Writes a wheel (binary distribution format): always the same bytes for the same distribution.</summary>
static class WheelWriter
{
    static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Write(AbsolutePath directory, WheelDraft wheel)
    {
        using var archive = new ZipArchive(File.Create(directory / wheel.FileName), ZipArchiveMode.Create);
        var record = new StringBuilder();
        foreach (var (path, file) in wheel.Files.OrderBy(x => x.Key, StringComparer.Ordinal)) Add(archive, record, path, file.Bytes, file.IsExecutable);
        Add(archive, record, $"{wheel.InfoDirectory}/METADATA", Encoding.UTF8.GetBytes(wheel.Metadata.ToString()));
        Add(archive, record, $"{wheel.InfoDirectory}/WHEEL", Encoding.UTF8.GetBytes(
            $"Wheel-Version: 1.0\nGenerator: openstack-lab\nRoot-Is-Purelib: {(wheel.IsNative ? "false" : "true")}\nTag: {wheel.Tag}\n"));
        if (wheel.EntryPoints is { } entryPoints) Add(archive, record, $"{wheel.InfoDirectory}/entry_points.txt", entryPoints);
        var name = $"{wheel.InfoDirectory}/RECORD";
        record.Append(name).Append(",,\n");
        Add(archive, null, name, Encoding.UTF8.GetBytes(record.ToString()));
    }

    /// <summary>One entry, and its line in <c>RECORD</c>: path, URL-safe hash without padding, size.</summary>
    static void Add(ZipArchive archive, StringBuilder? record, string path, byte[] bytes, bool executable = false)
    {
        var entry = archive.CreateEntry(path, CompressionLevel.Fastest);
        entry.LastWriteTime = s_time;
        entry.ExternalAttributes = Convert.ToInt32(executable ? "100755" : "100644", 8) << 16;
        using (var stream = entry.Open()) stream.Write(bytes);
        record?.Append(Quote(path)).Append(",sha256=").Append(Base64Url.EncodeToString(SHA256.HashData(bytes))).Append(',').Append(bytes.Length).Append('\n');
    }

    static string Quote(string field) => field.AsSpan().ContainsAny(',', '"') ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
