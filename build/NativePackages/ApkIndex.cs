using System.Globalization;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// The index of a directory of apk's packages: a signed archive with <c>DESCRIPTION</c> and <c>APKINDEX</c>, whose
/// entries say in letters what a package says in words, and what it is known by (apk-package(5)).
/// </summary>
/// <param name="Entries">By name and version.</param>
sealed record ApkIndex(SortedDictionary<string, string> Entries)
{
    public const string FileName = "APKINDEX.tar.gz";

    const string Index = "APKINDEX";

    const string Description = "DESCRIPTION";

    public static ApkIndex Empty => new(new SortedDictionary<string, string>(StringComparer.Ordinal));

    /// <summary>What names an entry.</summary>
    public static string KeyOf(ApkInfo info) => $"{info.Name} {info.Version}";

    /// <param name="architecture">
    /// Of the directory: what runs on any is in each of them, as that (<c>apk index --rewrite-arch</c>).
    /// </param>
    public void Add(ApkFile package, string architecture)
    {
        var info = package.Info;
        (string Letter, string Value)[] fields =
        [
            ("C", package.Identity), ("P", info.Name), ("V", info.Version), ("A", architecture),
            ("S", Number(new FileInfo(package.File).Length)), ("I", Number(info.Size)), ("T", info.Description),
            ("U", info.Url), ("L", info.License), ("o", info.Origin), ("m", info.Maintainer),
            ("t", Number(info.BuildDate)), ("c", info.Commit), ("D", string.Join(' ', info.Depends)),
            ("p", string.Join(' ', info.Provides)),
        ];
        Entries[KeyOf(info)] = string.Concat(fields.Where(x => x.Value.Length > 0)
            .Select(x => $"{x.Letter}:{x.Value}\n"));
    }

    /// <summary>The fields of an entry, by letter.</summary>
    public static Dictionary<string, string> FieldsOf(string entry) => entry.Split('\n')
        .Where(x => x.Length > 2 && x[1] == ':').ToDictionary(x => x[..1], x => x[2..], StringComparer.Ordinal);

    /// <summary>Reads an index, and whose it is.</summary>
    /// <param name="key">Null where it does not matter: it is to be signed again.</param>
    /// <exception cref="ProblemException">It is broken, or not signed with the key.</exception>
    public static ApkIndex Read(AbsolutePath file, ApkPublicKey? key)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var members = new GzipMembers(stream);
            var signatures = ApkFile.ByKey(ApkFile.SegmentOf(members.Next().Content));
            var (packed, content) = members.Next();
            if (key is not null && !signatures.ContainsKey(key.Name))
                throw new ProblemException(new Problem(
                    $"it is signed with {string.Join(", ", signatures.Keys.DefaultIfEmpty("nothing that is known"))}",
                    file, Expected: $"by {key.Name}"));
            if (key is not null && !key.Verifies(packed, signatures[key.Name]))
                throw new ProblemException(new Problem("it is not what was signed", file, Expected: $"by {key.Name}"));
            return Parse(ApkFile.SegmentOf(content).First(x => x.Name == Index).Content);
        }
        catch (Exception e) when (ApkFile.IsDamage(e) || e is InvalidOperationException)
        {
            throw new ProblemException(new Problem($"this is no index of apk: {e.Message.TrimEnd('.')}", file,
                Remedy: "Remove it, and run the target PushPackages for every package that is in its directory"), e);
        }
    }

    /// <param name="description">What apk calls the repository.</param>
    public void Write(AbsolutePath file, string description, ApkKey key)
    {
        // Of nothing but its content: the latest that any of them was built from.
        var time = Entries.Values.Select(x => FieldsOf(x).GetValueOrDefault("t", "0"))
            .Select(x => long.Parse(x, CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();
        var text = string.Concat(Entries.Values.Select(x => x + "\n"));
        var content = ApkWriter.Member(time, tar =>
        {
            tar.Add(Description, Encoding.UTF8.GetBytes(description), 0x1a4);
            tar.Add(Index, Encoding.UTF8.GetBytes(text), 0x1a4);
            tar.End();
        });
        AtomicFile.Write(file, x =>
            File.WriteAllBytes(x, [.. ApkWriter.Signature(content, key, time), .. content]));
    }

    static ApkIndex Parse(byte[] text)
    {
        var index = Empty;
        foreach (var entry in Encoding.UTF8.GetString(text).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = FieldsOf(entry);
            if (((string[])["C", "P", "V", "S"]).FirstOrDefault(x => !fields.ContainsKey(x)) is { } missing)
                throw new InvalidDataException($"an entry has no {missing}");
            index.Entries[$"{fields["P"]} {fields["V"]}"] = entry.TrimEnd('\n') + "\n";
        }

        return index;
    }

    static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
