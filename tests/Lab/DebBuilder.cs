using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Tests.Lab;

/// <summary>Builds small Debian packages with the real dpkg-deb.</summary>
sealed class DebBuilder(AbsolutePath directory)
{
    public const string Modules = "usr/lib/python3/dist-packages/";

    public AbsolutePath Packages { get; } = directory / "debs";

    /// <param name="control">More lines of the control file.</param>
    /// <param name="files">Path to content; <c>-> target</c> makes a link.</param>
    public async Task<AbsolutePath> BuildAsync(string name, string version, string control,
        params (string Path, string Content)[] files)
    {
        var tree = directory / "trees" / name;
        Write(tree / "DEBIAN/control", $"Package: {name}\nVersion: {version}\nArchitecture: all\n"
            + $"Maintainer: Nobody <nobody@example.org>\nDescription: test\n{control}\n");
        foreach (var (path, content) in files)
        {
            if (!content.StartsWith("-> ", StringComparison.Ordinal))
            {
                Write(tree / path, content);
                continue;
            }

            Directory.CreateDirectory((tree / path).Parent!);
            File.CreateSymbolicLink(tree / path, content[3..]);
        }

        Directory.CreateDirectory(Packages);
        var file = Packages / $"{name}.deb";
        await new Command("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, file).RequireAsync();
        return file;
    }

    static void Write(AbsolutePath file, string content)
    {
        Directory.CreateDirectory(file.Parent!);
        File.WriteAllText(file, content);
    }
}
