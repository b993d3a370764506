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
/// <param name="Scripts">What dpkg runs, by name: <c>postinst</c>.</param>
/// <param name="Root">Files that are installed.</param>
public sealed record PackageTexts(IReadOnlyList<PackageText> Scripts, IReadOnlyList<PackageText> Root);

/// <summary>
/// The data of the packages of a service, <c>packages/</c>: what those of all services have, in
/// <c>packages/service/</c>, and what that one has.
/// </summary>
/// <param name="OfService">That of <c>openstack-nova</c>: <c>debian/</c> and <c>files/</c>.</param>
/// <param name="OfVersion">That of <c>openstack-nova-31.3.1-p2</c>: the same below <c>version/</c>.</param>
public sealed record PackageFiles(PackageTexts OfService, PackageTexts OfVersion)
{
    const string Shared = "service";

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
        PackageTexts TextsOf(string part) => new(
            TextsBelow(packages / Shared / part / "debian", packages, problems),
            [
                .. TextsBelow(packages / Shared / part / Files, packages, problems),
                .. TextsBelow(packages / service / part / Files, packages, problems),
            ]);
        var files = new PackageFiles(TextsOf("."), TextsOf("version"));
        problems.AddRange(files.OfService.Root.Concat(files.OfVersion.Root).GroupBy(x => x.Path)
            .Where(x => x.Count() > 1).Select(x => new Problem($"the packages of {service} have /{x.Key} twice",
                $"packages/{service}/{Files}/{x.Key}", Remedy: "Remove one of them")));
        ProblemException.ThrowIfAny(problems);
        return files;
    }

    static List<PackageText> TextsBelow(AbsolutePath directory, AbsolutePath packages, List<Problem> problems)
    {
        var texts = new List<PackageText>();
        if (!Directory.Exists(directory)) return texts;
        foreach (var (name, _) in FileTree.Entries(directory).Where(x => x.Entry is FileInfo)
            .OrderBy(x => x.Name, StringComparer.Ordinal))
        {
            var shown = $"packages/{packages.GetUnixRelativePathTo(directory / name)}";
            var text = Utf8File.Read(directory / name, shown);
            PackageVariables.Check(text, shown, 1, 1, problems);
            PackageVariables.Check(name, shown, 0, 0, problems);
            texts.Add(new PackageText(name, text));
        }

        return texts;
    }

    /// <summary>The permissions that an installed file has, as <c>chmod</c> takes them.</summary>
    public static string ModeOf(string path) =>
        path.StartsWith(Sudoers, StringComparison.Ordinal) ? "0440" : "0644";

    internal static void Write(AbsolutePath file, string text)
    {
        Directory.CreateDirectory(file.Parent!);
        File.WriteAllText(file, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
