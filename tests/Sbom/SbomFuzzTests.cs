using System.Text;
using CycloneDX;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Sbom;
using OpenStack.Storage;
using OpenStack.Tests.Constraints;

namespace OpenStack.Tests.Sbom;

/// <summary>
/// An image is somebody else's bytes: whatever they are, there is an SBOM or a problem, and nothing else anywhere.
/// </summary>
public class SbomFuzzTests
{
    static readonly (string Path, string Text)[] s_files =
    [
        ("etc/os-release", "ID=debian\nVERSION_ID=\"13\"\n"),
        ("var/lib/dpkg/status", SmallService.Status),
        ("var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2025b\n"),
        ("var/lib/dpkg/info/login.list", "/.\n/usr/bin/login\n/usr/lib/python3/dist-packages/rados-2.0.0.egg-info\n"),
        ("usr/share/doc/libc6/copyright", SmallService.Copyright),
        ("usr/share/doc/login", "->libc6"),
        ("usr/bin/login", "elf"),
        ("usr/bin/sh", "=>usr/bin/login"),
        ($"{SmallService.Site}/keystone-1.0.dist-info/METADATA", "Metadata-Version: 2.4\nName: keystone\nVersion: 1.0\n"
            + "License-Expression: (MIT OR GPL-2.0-only) AND ISC\nAuthor-email: A <a@example.org>\nHome-page: "
            + "https://example.org/%20?x=y#z\nRequires-Dist: six[x]>=1; python_version >= '3.9' and extra == 'x'\n"
            + "Requires-Dist: other @ https://example.org/x.whl ; os_name == 'posix'\nProvides-Extra: x\n"),
        ($"{SmallService.Site}/keystone-1.0.dist-info/RECORD",
            "keystone/__init__.py,sha256=x,1\n\"a,b\",,\n../../../bin/x,,\n"),
        ($"{SmallService.Site}/six-1.egg-info/PKG-INFO", "Name: six\nVersion: 1\n"),
        ($"{SmallService.Site}/six-1.egg-info/requires.txt", "keystone[x]\n[:python_version<'3']\na\n[x]\nb>=1\n"),
        ($"{SmallService.Site}/six-1.egg-info/SOURCES.txt", "six.py\n"),
        ($"{SmallService.Site}/x.pth", "./egg-1.egg\nimport x\n"),
        ($"{SmallService.Site}/egg-1.egg/EGG-INFO/PKG-INFO",
            "Name: egg\nVersion: 1\nProject-URL: Docs, https://a.example\n"),
        ($"{SmallService.Site}/keystone-1.0.dist-info/sboms/a.cdx.json",
            """{"bomFormat": "CycloneDX", "components": [{"name": "a", "licenses": [{"expression": "MIT"}]}]}"""),
        ($"{SmallService.Site}/keystone.libs/libcrypto-01234567.so.3", "\0OpenSSL 3.0.1 14 Dec 2021\0"),
        ("usr/share/doc/six/copyright",
            "Copyright (C) X\n\nlicensed under GPL-2+, see /usr/share/common-licenses/GPL-2\n"),
        ("dir/.wh.gone", ""),
        ("dir/.wh..wh..opq", ""),
    ];

    /// <summary>
    /// Broken texts in whole layers, and layers that are broken themselves, with checksums set right where a random one
    /// would stop at once.
    /// </summary>
    [Theory]
    [InlineData(0, 2500)]
    [InlineData(2500, 2500)]
    public void ABrokenImageIsAProblemOrAnImage(int first, int count)
    {
        var sound = SmallImage.Tar(s_files);
        var (boms, problems) = (0, 0);
        for (var seed = first; seed < first + count; seed++)
        {
            var mutator = new Mutator(seed);
            var tar = seed % 2 == 0
                ? SmallImage.Tar([.. s_files.Select((x, i) => i == seed / 2 % s_files.Length
                    ? (x.Path, Text: mutator.Mutate(x.Text))
                    : x)])
                : Break(sound, seed);
            try
            {
                using var image = new SmallImage();
                var layout = image.Layer(("dir/gone", "x")).Layer(tar).Write();
                var before = FileTree.Entries(image.Directory).Count();
                var bom = ImageBom.Of(Inventory.Read(layout, layout.ReadManifest()), SmallService.Subject(),
                    SpecificationVersion.v1_6);
                var text = SbomFiles.Text(bom);
                _ = BomList.Parse(text, "x");
                // It takes its time.
                if (seed % 50 < 2) Assert.Empty(SbomSchema.ErrorsIn(text));
                Assert.Equal(before, FileTree.Entries(image.Directory).Count());
                boms++;
            }
            catch (ProblemException)
            {
                problems++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }

        // Both happen, or this would test nothing.
        Assert.True(boms > count / 4, $"{boms} SBOMs");
        Assert.True(problems > count / 50, $"{problems} problems");
    }

    [Fact]
    public void ABrokenDocumentIsAProblemOrAList()
    {
        using var image = SmallService.Image();
        var layout = image.Write();
        var text = SbomFiles.Text(ImageBom.Of(Inventory.Read(layout, layout.ReadManifest()), SmallService.Subject(),
            SpecificationVersion.v1_6));
        var sound = BomList.Parse(text, "x");
        for (var seed = 0; seed < 1000; seed++)
        {
            try
            {
                _ = SbomDiff.Of("a", [sound], "b", [BomList.Parse(new Mutator(seed).Mutate(text), "x")]).ToMarkdown();
            }
            catch (ProblemException)
            {
                // As it should be.
            }
        }
    }

    static byte[] Break(byte[] tar, int seed)
    {
        var random = FuzzSeed.At(seed);
        var broken = tar.ToArray();
        // Headers are where it hurts.
        var headers = Enumerable.Range(0, broken.Length / 512)
            .Where(x => Encoding.ASCII.GetString(broken, x * 512 + 257, 5) == "ustar")
            .ToList();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var header = headers[random.Next(headers.Count)] * 512;
            broken[header + (random.Next(2) == 0 ? random.Next(512) : 124 + random.Next(40))] = (byte)random.Next(256);
            var sum = Convert.ToString(TarFormat.ChecksumOf(broken.AsSpan(header, 512)), 8).PadLeft(6, '0') + "\0 ";
            Encoding.ASCII.GetBytes(sum, broken.AsSpan(header + 148, 8));
        }

        return random.Next(4) == 0 ? broken[..random.Next(broken.Length)] : broken;
    }
}
