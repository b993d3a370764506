using System.Text;
using Nuke.Common.IO;
using OpenStack.NativePackages;
using OpenStack.Oci;

namespace OpenStack.Tests.NativePackages;

/// <summary>Small packages of apk.</summary>
static class ApkSample
{
    public const string Architecture = "x86_64";

    public static ApkInfo Info(string name, string version, string architecture = Architecture) =>
        new(name, version, architecture)
        {
            Description = "OpenStack Test service",
            Url = "https://opendev.org/openstack/test",
            License = "Apache-2.0",
            Origin = name,
            Maintainer = "Test <test@example.org>",
            Commit = new string('a', 40),
            BuildDate = 1700000000,
        };

    public static ApkEntry FileOf(string path, string text, int mode = 0x1a4) => new(path, TarKind.File, mode)
    {
        Open = () => new MemoryStream(Encoding.UTF8.GetBytes(text)),
    };

    public static ApkEntry LinkOf(string path, string target) => new(path, TarKind.SymbolicLink, 0x1ff, target);

    public static ApkEntry DirectoryOf(string path) => new(path, TarKind.Directory, 0x1ed);

    public static IReadOnlyList<ApkEntry> Tree(string text) =>
    [
        DirectoryOf("usr"), DirectoryOf("usr/bin"), FileOf("usr/bin/test", text, 0x1ed),
        LinkOf("usr/bin/test-link", "test"),
    ];

    public static AbsolutePath Write(AbsolutePath directory, string name, string version, string text = "x",
        IReadOnlyList<ApkEntry>? tree = null, IReadOnlyList<string>? depends = null, string architecture = Architecture)
    {
        var info = Info(name, version, architecture) with { Depends = depends ?? [] };
        var file = directory / text.GetHashCode(StringComparison.Ordinal).ToString("x8", null) / info.File;
        ApkWriter.Write(file, info, [], tree ?? [DirectoryOf("opt"), DirectoryOf($"opt/{name}"),
            FileOf($"opt/{name}/file", text)]);
        return file;
    }
}
