using System.Formats.Tar;
using System.Text.RegularExpressions;
using OpenStack.Processes;

namespace OpenStack.Lab;

/// <summary>A file of a package, in memory.</summary>
sealed record DebFile(byte[] Bytes, bool IsExecutable);

/// <summary>The files of a package, read in one pass: Python modules apart from the rest.</summary>
sealed partial class DebContent
{
    /// <summary>Files below <c>dist-packages</c>, by their path there.</summary>
    public Dictionary<string, DebFile> Modules { get; } = new(StringComparer.Ordinal);

    /// <summary>Symbolic links below <c>dist-packages</c>: path there to target from the root, <c>usr/share/…</c>.</summary>
    public Dictionary<string, string> Links { get; } = new(StringComparer.Ordinal);

    /// <summary>All other files, by their path from the root.</summary>
    public Dictionary<string, DebFile> Others { get; } = new(StringComparer.Ordinal);

    /// <summary>The path below <c>dist-packages</c>, or null.</summary>
    public static string? ModulePath(string path) => DistPackages().Match(path) is { Success: true } match ? match.Groups[1].Value : null;

    public static async Task<DebContent> ReadAsync(DebPackage package, CancellationToken cancellation = default)
    {
        var content = new DebContent();
        var command = new Command("dpkg-deb", "--fsys-tarfile", package.File)
        {
            OutputReader = (stream, x) => Task.Run(() => content.Read(stream), x),
        };
        await command.RequireAsync(cancellation);
        return content;
    }

    void Read(Stream stream)
    {
        using var tar = new TarReader(stream);
        while (tar.GetNextEntry() is { } entry)
        {
            var path = Normalize(entry.Name);
            var module = ModulePath(path);
            switch (entry.EntryType)
            {
                case TarEntryType.SymbolicLink when module is not null:
                    Links[module] = Normalize(entry.LinkName.StartsWith('/') ? entry.LinkName : $"{Path.GetDirectoryName(path)}/{entry.LinkName}");
                    break;
                case TarEntryType.HardLink:
                    Add(path, module, Find(Normalize(entry.LinkName)));
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    Add(path, module, new DebFile(ReadBytes(entry), entry.Mode.HasFlag(UnixFileMode.UserExecute)));
                    break;
            }
        }

        // The padding behind the last entry: dpkg-deb would complain about a closed pipe.
        stream.CopyTo(Stream.Null);
    }

    void Add(string path, string? module, DebFile file)
    {
        if (module is null) Others[path] = file;
        else if (!module.Contains("__pycache__", StringComparison.Ordinal)) Modules[module] = file;
    }

    DebFile Find(string path) => ModulePath(path) is { } module ? Modules[module] : Others[path];

    static byte[] ReadBytes(TarEntry entry)
    {
        var bytes = new byte[entry.Length];
        entry.DataStream?.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Without leading <c>./</c> or <c>/</c>, with <c>..</c> resolved.</summary>
    static string Normalize(string path) => Path.GetFullPath(path, "/").Trim('/');

    [GeneratedRegex(@"^usr/lib/python3(?:\.\d+)?/(?:dist|site)-packages/(.+)$")]
    private static partial Regex DistPackages();
}
