using System.IO.Compression;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Wheels;

/// <summary>What a build of a wheel left.</summary>
static class BuiltWheel
{
    /// <summary>
    /// A project that takes its version from elsewhere than was thought would otherwise be installed nowhere, without a
    /// word.
    /// </summary>
    /// <param name="directory">Where the build left it.</param>
    /// <param name="subject">What the problem is about.</param>
    /// <param name="what">What was built, as messages name it.</param>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public static Problem? Check(AbsolutePath directory, string subject, string what, string distribution,
        string version) => Look(directory, what, distribution, version) is { } problem
        ? problem with { Subject = subject }
        : null;

    static Problem? Look(AbsolutePath directory, string what, string distribution, string version)
    {
        var files = Directory.GetFiles(directory, "*.whl");
        if (files is not [var file]) return new Problem($"{what}: the build left {files.Length} wheels, not one");
        var (name, built) = MetadataOf(file);
        return PythonName.Of(name) == PythonName.Of(distribution) && PythonVersion.AreSame(built, version)
            ? null
            : new Problem($"{what}: the wheel is {name} {built}", Expected: $"{distribution} {version}",
                Remedy: "The project does not take its version from PBR or setuptools_scm: let a patch set it");
    }

    /// <summary><c>Name</c> and <c>Version</c> of the core metadata in a wheel.</summary>
    static (string Name, string Version) MetadataOf(string file)
    {
        using var archive = ZipFile.OpenRead(file);
        var entry = archive.Entries.First(x => x.FullName.EndsWith(".dist-info/METADATA", StringComparison.Ordinal));
        using var reader = new StreamReader(entry.Open());
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            if (line.Split(": ", 2) is [var key, var value]) fields.TryAdd(key, value);
        }

        return (fields.GetValueOrDefault("Name", ""), fields.GetValueOrDefault("Version", ""));
    }
}
