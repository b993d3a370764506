using System.IO.Compression;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// One of the three lists of a repository of dnf, as createrepo_c writes it: <c>primary</c>, <c>filelists</c>,
/// <c>other</c>.
/// </summary>
public sealed class DnfMetadata
{
    const string Namespaces = "http://linux.duke.edu/metadata/";

    static readonly XNamespace s_repo = Namespaces + "repo";
    static readonly XNamespace s_common = Namespaces + "common";
    static readonly XNamespace s_rpm = Namespaces + "rpm";

    readonly Func<RpmFile, DnfPlace, XNamespace, XElement> _elementOf;
    readonly XElement _root;

    DnfMetadata(string kind, string root, XNamespace space, Func<RpmFile, DnfPlace, XNamespace, XElement> elementOf)
    {
        Kind = kind;
        _elementOf = elementOf;
        _root = new XElement(space + root);
        if (space == s_common) _root.Add(new XAttribute(XNamespace.Xmlns + "rpm", s_rpm));
    }

    /// <summary>What <c>repomd.xml</c> calls it.</summary>
    public string Kind { get; }

    /// <summary>All three, empty.</summary>
    public static IReadOnlyList<DnfMetadata> All() =>
    [
        new("primary", "metadata", s_common, PrimaryOf),
        new("filelists", "filelists", Namespaces + "filelists", FilesOf),
        new("other", "otherdata", Namespaces + "other", ChangesOf),
    ];

    /// <summary>The packages of an earlier list, as they are there.</summary>
    /// <param name="except">SHA-256 of those that are left out.</param>
    public void AddAll(AbsolutePath file, IReadOnlySet<string> except)
    {
        foreach (var package in ElementsOf(file).Where(x => !except.Contains(IdOf(x)))) _root.Add(package);
    }

    public void Add(RpmFile rpm, DnfPlace place) => _root.Add(_elementOf(rpm, place, _root.Name.Namespace));

    /// <summary>Writes it under its digest.</summary>
    /// <param name="repodata">Where it goes.</param>
    /// <returns>What <c>repomd.xml</c> says of it.</returns>
    public XElement Write(AbsolutePath repodata, long now)
    {
        _root.SetAttributeValue("packages", _root.Elements().Count());
        var open = Encoding.UTF8.GetBytes(TextOf(_root));
        var packed = AptRepository.Compressed(open);
        var name = $"{HexOf(packed)}-{Kind}.xml.gz";
        AtomicFile.Write(repodata / name, x => File.WriteAllBytes(x, packed));
        return new XElement(s_repo + "data", new XAttribute("type", Kind),
            Checksum("checksum", packed), Checksum("open-checksum", open),
            new XElement(s_repo + "location", new XAttribute("href", $"{repodata.Name}/{name}")),
            new XElement(s_repo + "timestamp", now), new XElement(s_repo + "size", packed.Length),
            new XElement(s_repo + "open-size", open.Length));
    }

    /// <summary>What a client reads first.</summary>
    public static string Repomd(IEnumerable<XElement> lists, long now) => TextOf(new XElement(s_repo + "repomd",
        new XElement(s_repo + "revision", now), lists));

    /// <summary>What <c>repomd.xml</c> names: kind, place in the repository, SHA-256.</summary>
    public static IReadOnlyList<(string Kind, string Place, string Sha256)> Named(AbsolutePath repomd) =>
    [
        .. XElement.Load(repomd).Elements(s_repo + "data").Select(x => (x.Attribute("type")!.Value,
            x.Element(s_repo + "location")!.Attribute("href")!.Value, x.Element(s_repo + "checksum")!.Value)),
    ];

    /// <summary>The packages of a <c>primary</c> list: name, place in the repository, SHA-256.</summary>
    public static IReadOnlyList<(string Nevra, string Place, string Sha256)> Packages(AbsolutePath primary)
    {
        return [.. ElementsOf(primary).Select(x => (NevraOf(x), PlaceOf(x), IdOf(x)))];
    }

    /// <summary>The same packages, as <see cref="PackageRetention"/> looks at them.</summary>
    /// <param name="repository">Where they lie.</param>
    /// <param name="index">What that is called.</param>
    public static IReadOnlyList<(PublishedPackage Package, string Place, string Sha256)> Published(
        AbsolutePath primary, AbsolutePath repository, string index)
    {
        return
        [
            .. ElementsOf(primary).Select(x => (new PublishedPackage(index, x.Element(s_common + "name")!.Value,
                    VersionReleaseOf(x), RequiresOf(x), File.GetLastWriteTimeUtc(repository / PlaceOf(x))),
                PlaceOf(x), IdOf(x))),
        ];
    }

    static IReadOnlyList<XElement> ElementsOf(AbsolutePath list)
    {
        using var gzip = new GZipStream(File.OpenRead(list), CompressionMode.Decompress);
        return [.. XElement.Load(gzip).Elements()];
    }

    static string PlaceOf(XElement package) => package.Element(s_common + "location")!.Attribute("href")!.Value;

    /// <summary>By which all lists know a package.</summary>
    static string IdOf(XElement package) =>
        package.Attribute("pkgid")?.Value ?? package.Element(s_common + "checksum")!.Value;

    static IReadOnlyList<string> RequiresOf(XElement package) =>
    [
        .. package.Descendants(s_rpm + "requires").Elements(s_rpm + "entry").Select(x => x.Attribute("name")!.Value),
    ];

    static string NevraOf(XElement package) => $"{package.Element(s_common + "name")!.Value}"
        + $"-{VersionReleaseOf(package)}.{package.Element(s_common + "arch")!.Value}";

    static string VersionReleaseOf(XElement package)
    {
        var version = package.Element(s_common + "version")!;
        var epoch = version.Attribute("epoch")!.Value is "0" ? "" : $"{version.Attribute("epoch")!.Value}:";
        return $"{epoch}{version.Attribute("ver")!.Value}-{version.Attribute("rel")!.Value}";
    }

    static XElement PrimaryOf(RpmFile rpm, DnfPlace place, XNamespace space) => new(space + "package",
        new XAttribute("type", "rpm"),
        new XElement(space + "name", rpm.Name), new XElement(space + "arch", rpm.Architecture), VersionOf(rpm, space),
        new XElement(space + "checksum", new XAttribute("type", "sha256"), new XAttribute("pkgid", "YES"),
            place.Sha256),
        new XElement(space + "summary", rpm.Header.Text(RpmTag.Summary)),
        new XElement(space + "description", rpm.Header.Text(RpmTag.Description)),
        new XElement(space + "packager", rpm.Header.Text(RpmTag.Packager)),
        new XElement(space + "url", rpm.Header.Text(RpmTag.Url)),
        new XElement(space + "time", new XAttribute("file", place.Time),
            new XAttribute("build", rpm.Header.Number(RpmTag.BuildTime))),
        new XElement(space + "size", new XAttribute("package", place.Size),
            new XAttribute("installed", rpm.Header.Number(RpmTag.Size)),
            new XAttribute("archive", rpm.Signatures.Number(RpmTag.PayloadSize))),
        new XElement(space + "location", new XAttribute("href", place.Href)),
        new XElement(space + "format",
            new XElement(s_rpm + "license", rpm.Header.Text(RpmTag.License)),
            new XElement(s_rpm + "vendor", rpm.Header.Text(RpmTag.Vendor)),
            new XElement(s_rpm + "group", rpm.Header.Text(RpmTag.Group)),
            new XElement(s_rpm + "buildhost", rpm.Header.Text(RpmTag.BuildHost)),
            new XElement(s_rpm + "sourcerpm", rpm.Header.Text(RpmTag.SourceRpm)),
            new XElement(s_rpm + "header-range", new XAttribute("start", place.HeaderStart),
                new XAttribute("end", place.HeaderStart + rpm.Header.Bytes.Length)),
            new XElement(s_rpm + "provides", rpm.Provides.Select(EntryOf)),
            new XElement(s_rpm + "requires", rpm.Requires.Where(x => !x.IsOfRpm)
                .GroupBy(x => (x.Name, x.Comparison, x.Version))
                .Select(x => EntryOf(x.OrderByDescending(y => y.IsBeforeInstallation).First()))),
            rpm.Contents.Where(x => IsPrimary(x.Path)).Select(x => FileOf(x, space))));

    static XElement FilesOf(RpmFile rpm, DnfPlace place, XNamespace space) =>
        new(space + "package", new XAttribute("pkgid", place.Sha256), new XAttribute("name", rpm.Name),
            new XAttribute("arch", rpm.Architecture), VersionOf(rpm, space),
            rpm.Contents.Select(x => FileOf(x, space)));

    static XElement ChangesOf(RpmFile rpm, DnfPlace place, XNamespace space) =>
        new(space + "package", new XAttribute("pkgid", place.Sha256), new XAttribute("name", rpm.Name),
            new XAttribute("arch", rpm.Architecture), VersionOf(rpm, space),
            rpm.Changes.Select(x => new XElement(space + "changelog", new XAttribute("author", x.Author),
                new XAttribute("date", x.Time), x.Text)));

    static XElement VersionOf(RpmFile rpm, XNamespace space) => new(space + "version",
        new XAttribute("epoch", rpm.Epoch), new XAttribute("ver", rpm.Version), new XAttribute("rel", rpm.Release));

    static XElement EntryOf(RpmDependency dependency)
    {
        var entry = new XElement(s_rpm + "entry", new XAttribute("name", dependency.Name));
        if (dependency.Comparison is { } comparison)
        {
            var (epoch, rest) = dependency.Version.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
                ? (dependency.Version[..colon], dependency.Version[(colon + 1)..]) : ("0", dependency.Version);
            var dash = rest.LastIndexOf('-');
            entry.Add(new XAttribute("flags", comparison), new XAttribute("epoch", epoch),
                new XAttribute("ver", dash < 0 ? rest : rest[..dash]));
            if (dash >= 0) entry.Add(new XAttribute("rel", rest[(dash + 1)..]));
        }

        if (dependency.IsBeforeInstallation) entry.Add(new XAttribute("pre", 1));
        return entry;
    }

    static XElement FileOf(RpmContent content, XNamespace space) => new(space + "file",
        content.Kind.Length == 0 ? null : new XAttribute("type", content.Kind), content.Path);

    /// <summary>What packages may require as files without every list being read (createrepo_c, misc.h).</summary>
    static bool IsPrimary(string path) => path.StartsWith("/etc/", StringComparison.Ordinal)
        || path.Contains("bin/", StringComparison.Ordinal) || path == "/usr/lib/sendmail";

    static XElement Checksum(string name, byte[] content) =>
        new(s_repo + name, new XAttribute("type", "sha256"), HexOf(content));

    static string TextOf(XElement root)
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings
        {
            OmitXmlDeclaration = true,
            Indent = true,
            NewLineChars = "\n",
        })) root.Save(writer);
        return text.Append('\n').ToString();
    }

    static string HexOf(byte[] content) => Digest.OfBytes(content)["sha256:".Length..];
}

/// <summary>An rpm as it is in a repository.</summary>
/// <param name="Href">From the repository.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Time">Of the file, in seconds since 1970.</param>
/// <param name="HeaderStart">Where its header begins, in bytes.</param>
public sealed record DnfPlace(string Href, string Sha256, long Size, long Time, long HeaderStart);
