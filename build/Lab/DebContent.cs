using System.Buffers.Text;
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using OpenStack.Processes;

namespace OpenStack.Lab;

/// <summary>A file of a package, in memory.</summary>
sealed class DebFile(byte[] bytes, bool isExecutable)
{
    readonly Lazy<string> _hash = new(() => Base64Url.EncodeToString(SHA256.HashData(bytes)));

    public byte[] Bytes => bytes;

    public bool IsExecutable => isExecutable;

    /// <summary>Its SHA-256 as <c>RECORD</c> has it: URL-safe, without padding.</summary>
    public string Hash => _hash.Value;
}

/// <summary>The files of a package, read in one pass: Python modules apart from the rest.</summary>
sealed partial class DebContent
{
    /// <summary>Files below <c>dist-packages</c>, by their path there.</summary>
    public Dictionary<string, DebFile> Modules { get; } = new(StringComparer.Ordinal);

    /// <summary>All other files, by their path from the root.</summary>
    public Dictionary<string, DebFile> Others { get; } = new(StringComparer.Ordinal);

    /// <summary>Symbolic links: path to target, both from the root, <c>usr/share/…</c>.</summary>
    public Dictionary<string, string> Links { get; } = new(StringComparer.Ordinal);

    /// <summary>Time of the newest file.</summary>
    public DateTimeOffset Newest { get; private set; } = DateTimeOffset.UnixEpoch;

    /// <summary>The same files, to be added to.</summary>
    public DebContent Copy()
    {
        var copy = new DebContent { Newest = Newest };
        foreach (var (path, file) in Modules) copy.Modules.Add(path, file);
        foreach (var (path, file) in Others) copy.Others.Add(path, file);
        foreach (var (path, target) in Links) copy.Links.Add(path, target);
        return copy;
    }

    /// <summary>The path below <c>dist-packages</c>, or null.</summary>
    public static string? ModulePath(string path) =>
        DistPackages().Match(path) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The file at a path from the root, or null.</summary>
    public DebFile? Find(string path) =>
        ModulePath(path) is { } module ? Modules.GetValueOrDefault(module) : Others.GetValueOrDefault(path);

    /// <summary>All files below a directory, by the rest of their path.</summary>
    public IEnumerable<(string Tail, DebFile File)> Below(string directory)
    {
        var (files, prefix) = ModulePath(directory) is { } module ? (Modules, module + "/") : (Others, directory + "/");
        return files.Where(x => x.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(x => (x.Key[(prefix.Length - 1)..], x.Value));
    }

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
                case TarEntryType.SymbolicLink:
                    Links[path] = Normalize(entry.LinkName.StartsWith('/')
                        ? entry.LinkName
                        : $"{Path.GetDirectoryName(path)}/{entry.LinkName}");
                    break;
                case TarEntryType.HardLink:
                    Add(path, module, Find(Normalize(entry.LinkName))!);
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    Add(path, module, new DebFile(ReadBytes(entry), entry.Mode.HasFlag(UnixFileMode.UserExecute)));
                    if (entry.ModificationTime > Newest) Newest = entry.ModificationTime;
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
