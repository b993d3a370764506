using System.Formats.Tar;
using System.Text;
using OpenStack.Sbom;

namespace OpenStack.Tests.Sbom;

/// <summary>Programs that Go has built say which modules are in them.</summary>
public sealed class GoProgramTests : IDisposable
{
    const string Sum = "h1:4jCwF7+jbVnLgYEg7PVkNWKrXFEyvcbLX8WjYIqxEsk=";

    const string Text = "path\texample.org/Manager/cmd\nmod\texample.org/Manager\t(devel)\t\n"
        + $"dep\tgithub.com/Masterminds/semver/v3\tv3.4.0\t{Sum}\n"
        + $"dep\tgolang.org/x/net\tv0.1.0\n=>\texample.org/net\tv0.2.0+incompatible\t{Sum}\n"
        + "build\t-trimpath=true\nbuild\tCGO_ENABLED=0\nanything\telse\n";

    readonly SmallImage _image = new();

    public void Dispose() => _image.Dispose();

    /// <summary>
    /// Content comes in pieces of any size, and what looks like the header may be a text of the program.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(64)]
    [InlineData(1 << 20)]
    public void WhatTheLinkerWroteIsFound(int piece)
    {
        byte[] bytes = [.. new byte[100], 0xff, .. " Go buildinf:"u8, 9, 2, .. new byte[40],
            .. Program("go1.26.0", Text), .. Program("go1.1", "")];
        var search = new GoSearch();
        foreach (var part in bytes.Chunk(piece)) search.Read(part);
        var info = search.Found!;
        Assert.Equal(("go1.26.0", "example.org/Manager/cmd", "1.26.0"),
            (info.Version, info.Package, info.StandardLibrary.Version));
        Assert.Equal(new GoModule("example.org/Manager", "(devel)", ""), info.Main);
        Assert.Equal([new GoModule("github.com/Masterminds/semver/v3", "v3.4.0", Sum),
            new GoModule("example.org/net", "v0.2.0+incompatible", Sum, "golang.org/x/net")], info.Modules);
        Assert.Equal(["-trimpath true", "CGO_ENABLED 0"], info.Settings.Select(x => $"{x.Key} {x.Value}"));
    }

    [Fact]
    public void WhatIsCutOffOrOfAnotherFormIsNone()
    {
        var whole = Program("go1.26.0", Text);
        foreach (var bytes in (byte[][])[[], whole[..20], whole[..^1], Program("1.26", Text),
            [.. whole[..15], 0, .. whole[16..]], [.. whole[..32], .. Enumerable.Repeat((byte)0xff, 40)]])
        {
            var search = new GoSearch();
            search.Read(bytes);
            Assert.Null(search.Found);
        }
    }

    [Fact]
    public void ModulesAreComponentsOfWhatBringsTheProgram()
    {
        var program = Program("go1.26.0", Text);
        var bom = BomOf.Image(_image.Layer(("usr/lib/os-release", "ID=debian\nVERSION_ID=\"13\"\n"),
                ("var/lib/dpkg/status", "Package: tool\nStatus: install ok installed\nVersion: 1\n"
                    + "Architecture: amd64\nMaintainer: Somebody\n"),
                ("var/lib/dpkg/info/tool.list", "/.\n/usr/bin/tool\n"), ("usr/bin/link", "->tool"))
            .Layer(Tar(("usr/bin/tool", program), ("manager", program), ("usr/share/doc.txt", program))));
        var module = BomOf.Component(bom, "github.com/Masterminds/semver/v3");
        Assert.Equal("pkg:golang/github.com/masterminds/semver/v3@v3.4.0", BomOf.Text(module, "purl"));
        Assert.Equal(["/manager", "/usr/bin/tool"], Locations(module));
        Assert.Equal(Convert.ToHexStringLower(Convert.FromBase64String(Sum["h1:".Length..])),
            module.GetProperty("hashes")[0].GetProperty("content").GetString());
        Assert.Equal("pkg:golang/example.org/net@v0.2.0%2Bincompatible",
            BomOf.Text(BomOf.Component(bom, "example.org/net"), "purl"));
        Assert.Equal(["golang.org/x/net"], BomOf.Properties(BomOf.Component(bom, "example.org/net"), "go:replaces"));
        Assert.Equal("pkg:golang/stdlib@1.26.0", BomOf.Text(BomOf.Component(bom, "stdlib"), "purl"));
        // What a package brings is that; what nobody does is a component of its own.
        var main = BomOf.Component(bom, "example.org/Manager");
        Assert.Equal(("application", "pkg:golang/example.org/manager#/manager"),
            (BomOf.Text(main, "type"), BomOf.Text(main, "bom-ref")));
        Assert.Equal(["true"], BomOf.Properties(main, "go:build:-trimpath"));
        Assert.Equal(["/manager"], Locations(main));
        var modules = new[] { "github.com/Masterminds/semver/v3", "example.org/net", "stdlib" }
            .Select(x => BomOf.Text(BomOf.Component(bom, x), "bom-ref")).Order(StringComparer.Ordinal).ToList();
        foreach (var owner in new[] { "tool", "example.org/Manager" })
            Assert.Equal(modules, bom.GetProperty("dependencies").EnumerateArray()
                .Single(x => BomOf.Text(x, "ref") == BomOf.Text(BomOf.Component(bom, owner), "bom-ref"))
                .GetProperty("dependsOn").EnumerateArray().Select(x => x.GetString()));
        Assert.Empty(SbomSchema.ErrorsIn(bom.GetRawText()));
        Assert.Empty(MinimumElements.MissingIn(bom));
    }

    static IEnumerable<string?> Locations(System.Text.Json.JsonElement component) =>
        component.GetProperty("evidence").GetProperty("occurrences").EnumerateArray()
            .Select(x => BomOf.Text(x, "location"));

    /// <summary>As the linker writes it: magic, size of a pointer, flags, filled up to 32 bytes, two texts.</summary>
    static byte[] Program(string version, string text)
    {
        byte[] header = [0xff, .. " Go buildinf:"u8, 8, 2];
        return [.. header, .. new byte[32 - header.Length], .. Counted(Encoding.UTF8.GetBytes(version)),
            .. Counted([.. Enumerable.Repeat((byte)'0', 16), .. Encoding.UTF8.GetBytes(text),
                .. Enumerable.Repeat((byte)'1', 16)])];
    }

    static byte[] Counted(byte[] bytes)
    {
        var length = new List<byte>();
        for (var left = bytes.Length; ; left >>= 7)
        {
            length.Add((byte)(left < 0x80 ? left : (left & 0x7f) | 0x80));
            if (left < 0x80) return [.. length, .. bytes];
        }
    }

    static byte[] Tar(params IReadOnlyList<(string Path, byte[] Content)> files)
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true))
        {
            foreach (var (path, content) in files)
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path)
                {
                    DataStream = new MemoryStream(content),
                    ModificationTime = DateTimeOffset.UnixEpoch,
                });
        }

        return stream.ToArray();
    }
}
