using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>A file of a package's data.</summary>
/// <param name="Path">Where it goes, from the root of the package.</param>
/// <param name="Text">What is in it; both with names of <see cref="PackageVariables"/>.</param>
public sealed record PackageText(string Path, string Text);

/// <summary>What one of the two packages of a service is made of, beside the service itself.</summary>
/// <param name="Files">What is installed, whatever the format.</param>
/// <param name="Formats">What a format has of its own.</param>
public sealed record PackageTexts(
    IReadOnlyList<PackageText> Files, IReadOnlyDictionary<string, FormatTexts> Formats)
{
    public FormatTexts Of(string format) => Formats[format];
}

/// <summary>What a package is made of in one format alone.</summary>
/// <param name="Scripts">What its tools run on a host, by their name for it: <c>postinst</c>.</param>
/// <param name="Files">What is installed.</param>
public sealed record FormatTexts(IReadOnlyList<PackageText> Scripts, IReadOnlyList<PackageText> Files);

/// <summary>
/// The data of the packages of a service, <c>packages/</c>: what those of all services have, in
/// <c>packages/service/</c>, and what that one has.
/// </summary>
/// <param name="OfService">
/// That of <c>openstack-nova</c>: <c>files/</c>, and for a format <c>deb/scripts/</c>, <c>deb/files/</c>.
/// </param>
/// <param name="OfVersion">That of <c>openstack-nova-31.3.1-p2</c>: the same below <c>version/</c>.</param>
public sealed record PackageFiles(PackageTexts OfService, PackageTexts OfVersion)
{
    const string Shared = "service";

    /// <summary>What the tools of a format run, and in the part's own directory what all of those begin with.</summary>
    const string Scripts = "scripts";

    /// <summary>A line of a script that stands for the shared text of that name.</summary>
    const string Include = ". scripts/";

    /// <summary>What is installed, by its path on the host.</summary>
    const string Files = "files";

    /// <summary>What sudo reads, and wants nobody else to (sudoers(5)).</summary>
    const string Sudoers = "etc/sudoers.d/";

    /// <param name="packages">The directory <c>packages/</c>.</param>
    /// <param name="data">What <see cref="PackageFile"/> says.</param>
    /// <exception cref="ProblemException">All mistakes of all files.</exception>
    public static PackageFiles Read(AbsolutePath packages, string service, out PackageData data)
    {
        var shown = $"packages/{service}/{PackageFile.Name}";
        var file = packages / service / PackageFile.Name;
        if (!File.Exists(file))
            throw new ProblemException(new Problem($"{service} has no data for packages", shown,
                Expected: "its summary and its units",
                Remedy: "Write it after that of another service, or leave this one out"));
        var problems = new List<Problem>();
        data = new PackageFile(shown, problems).Parse(Utf8File.Read(file, shown));
        var files = new PackageFiles(
            new PartReader(packages, service, ".", problems).Read(),
            new PartReader(packages, service, "version", problems).Read());
        ProblemException.ThrowIfAny(problems);
        return files;
    }

    /// <summary>Reads what one of the two packages has, of all services and of one.</summary>
    sealed record PartReader(AbsolutePath Packages, string Service, string Part, List<Problem> Problems)
    {
        AbsolutePath SharedPart => Packages / Shared / Part;

        AbsolutePath OwnPart => Packages / Service / Part;

        public PackageTexts Read()
        {
            var included = TextsBelow(SharedPart / Scripts).ToDictionary(x => x.Path, x => x.Text);
            var common = FilesOf(".");
            var formats = PackageFormats.All.ToDictionary(x => x.Name, x => new FormatTexts(
                [.. TextsBelow(SharedPart / x.Name / Scripts).Select(y => y with { Text = Whole(y, x, included) })],
                FilesOf(x.Name)));
            foreach (var format in formats.Values)
                Problems.AddRange(common.Concat(format.Files).GroupBy(x => x.Path).Where(x => x.Count() > 1)
                    .Select(x => new Problem($"the packages of {Service} have /{x.Key} twice",
                        $"packages/{Service}/{Files}/{x.Key}", Remedy: "Remove one of them"))
                    .Where(x => !Problems.Contains(x)));
            return new PackageTexts(common, formats);
        }

        List<PackageText> FilesOf(string format) =>
            [.. TextsBelow(SharedPart / format / Files), .. TextsBelow(OwnPart / format / Files)];

        /// <summary>With the shared text in place of the line that names it.</summary>
        string Whole(PackageText script, IPackageFormat format, Dictionary<string, string> included)
        {
            var lines = script.Text.Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                if (!lines[i].StartsWith(Include, StringComparison.Ordinal)) continue;
                var name = lines[i][Include.Length..];
                if (included.TryGetValue(name, out var text)) lines[i] = text.TrimEnd('\n');
                else Problems.Add(new Problem($"there is no script '{name}' that all formats have",
                    ShownAs(SharedPart / format.Name / Scripts / script.Path), i + 1, 1 + Include.Length,
                    Expected: string.Join(", ", included.Keys), Remedy: Suggest.DidYouMean(name, included.Keys)));
            }

            return string.Join('\n', lines);
        }

        List<PackageText> TextsBelow(AbsolutePath directory)
        {
            var texts = new List<PackageText>();
            if (!Directory.Exists(directory)) return texts;
            foreach (var (name, _) in FileTree.Entries(directory).Where(x => x.Entry is FileInfo)
                .OrderBy(x => x.Name, StringComparer.Ordinal))
            {
                var shown = ShownAs(directory / name);
                var text = Utf8File.Read(directory / name, shown);
                PackageVariables.Check(text, shown, 1, 1, Problems);
                PackageVariables.Check(name, shown, 0, 0, Problems);
                texts.Add(new PackageText(name, text));
            }

            return texts;
        }

        string ShownAs(AbsolutePath file) => $"packages/{Packages.GetUnixRelativePathTo(file)}";
    }

    /// <summary>The permissions of all files but those that have others.</summary>
    public const string OrdinaryMode = "0644";

    /// <summary>The permissions that an installed file has, as <c>chmod</c> takes them.</summary>
    public static string ModeOf(string path) =>
        path.StartsWith(Sudoers, StringComparison.Ordinal) ? "0440" : OrdinaryMode;

    internal static void Write(AbsolutePath file, string text)
    {
        Directory.CreateDirectory(file.Parent!);
        File.WriteAllText(file, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
