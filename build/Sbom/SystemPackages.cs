using System.Text;
using OpenStack.Oci;
using OpenStack.Packages;

namespace OpenStack.Sbom;

/// <summary>
/// Reads the packages that dpkg knows of in an image: <c>/var/lib/dpkg/status</c>, or a file each in <c>status.d</c>
/// (distroless).
/// </summary>
static class SystemPackages
{
    const string Database = "var/lib/dpkg/";
    const string Documentation = "usr/share/doc/";

    /// <summary>The files that this needs the content of.</summary>
    public static bool Keeps(string path) =>
        path.StartsWith(Database, StringComparison.Ordinal)
            ? path == Database + "status"
                || path.StartsWith(Database + "status.d/", StringComparison.Ordinal)
                || (path.EndsWith(".list", StringComparison.Ordinal)
                    && path.StartsWith(Database + "info/", StringComparison.Ordinal))
            : path.EndsWith("/copyright", StringComparison.Ordinal)
                && path.StartsWith(Documentation, StringComparison.Ordinal);

    public static IReadOnlyList<SystemPackage> In(ImageTree tree)
    {
        var status = tree.Find(Database + "status");
        var apart = tree.Files(Database + "status.d")
            .Where(x => !x.Path.EndsWith(".md5sums", StringComparison.Ordinal))
            .SelectMany(x => Stanzas(x.File).Select(y => (x.File, IsItsOwn: true, Fields: y)));
        // Packages of one source have one text, which may be long.
        var licenses = new Dictionary<string, StatedLicenses>(StringComparer.Ordinal);
        return [.. (status is null ? [] : Stanzas(status).Select(x => (File: status, IsItsOwn: false, Fields: x)))
            .Concat(apart)
            .Where(x => x.Fields.GetValueOrDefault("Package", "").Length > 0 && SystemPackage.IsInstalled(x.Fields))
            .Select(x => Package(tree, x.File, x.IsItsOwn, x.Fields, licenses))
            .DistinctBy(x => x.Id)
            .OrderBy(x => x.Id, StringComparer.Ordinal)];
    }

    static SystemPackage Package(
        ImageTree tree, ImageFile database, bool isItsOwn, Dictionary<string, string> fields,
        Dictionary<string, StatedLicenses> licenses)
    {
        var name = fields["Package"];
        var list = tree.Find($"{Database}info/{name}:{fields.GetValueOrDefault("Architecture")}.list")
            ?? tree.Find($"{Database}info/{name}.list");
        var sums = list is null ? tree.Find($"{Database}status.d/{name}.md5sums") : null;
        IReadOnlyList<string> files = list is not null ? Lines(list)
            // A checksum, two blanks and the path.
            : sums is not null ? [.. Lines(sums).Select(x => x.Split("  ", 2)[^1])]
            : [];
        var copyright = new StatedLicenses([], [], "it has no copyright file");
        if (tree.Find($"{Documentation}{name}/copyright") is { Content: { } content })
        {
            var text = Encoding.UTF8.GetString(content);
            if (!licenses.TryGetValue(text, out copyright!)) licenses[text] = copyright = DebianCopyright.Read(text);
        }

        return new SystemPackage(name, fields, list ?? database, list is not null || isItsOwn, files, copyright);
    }

    static IEnumerable<Dictionary<string, string>> Stanzas(ImageFile file) =>
        Text(file).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(ControlFields.Parse);

    static string[] Lines(ImageFile file) => Text(file).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    static string Text(ImageFile file) =>
        Encoding.UTF8.GetString(file.Content ?? []).Replace("\r\n", "\n", StringComparison.Ordinal);
}
