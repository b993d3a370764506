using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenStack.Sbom;

namespace OpenStack.Tests.Sbom;

/// <summary>Native code in wheels: what is known of it is said, and what is not, too.</summary>
public sealed class NativeCodeTests : IDisposable
{
    const string Site = SmallService.Site;

    readonly SmallImage _image = new();

    public void Dispose() => _image.Dispose();

    [Fact]
    public void BundledLibrariesArePartsOfTheirDistribution()
    {
        var bom = BomOf.Image(_image.Layer(
            ($"{Site}/scrypt-0.8.27.dist-info/METADATA", "Name: scrypt\nVersion: 0.8.27\n"),
            ($"{Site}/scrypt-0.8.27.dist-info/RECORD",
                "_scrypt.cpython-313-x86_64-linux-gnu.so,,\nscrypt.libs/libcrypto-d3570994.so.1.0.2k,,\n"
                + "scrypt/libpcre2-8-01234567.so,,\n"),
            ($"{Site}/_scrypt.cpython-313-x86_64-linux-gnu.so", "elf"),
            ($"{Site}/scrypt.libs/libcrypto-d3570994.so.1.0.2k",
                "\u0001OpenSSL 1.0.0-fips 29 Mar 2010\0OpenSSL 1.0.1e-fips 11 Feb 2013\0\u0002\u0003OpenSSL " +
                "1.0.2k-fips  26 Jan 2017\0"),
            // Nobody's RECORD has it: its directory says whose it is.
            ($"{Site}/scrypt.libs/libssl-3a1b.so.1.1", "\0OpenSSL 1.1.1w  11 Sep 2023\0"),
            ($"{Site}/scrypt.libs/libXau-154567c4.so.6.0.0", "elf"),
            ($"{Site}/scrypt.libs/liblzma-61b1002e.so.5.8.2", "elf"),
            ($"{Site}/scrypt.libs/libcrypto-00000000.so.3",
                "\0OpenSSL 3.5.4 30 Sep 2025\0OpenSSL 3.0.0 7 sep 2021\0OpenSSL 3.0.1 14 Dec 2021\0"),
            ($"{Site}/scrypt/libpcre2-8-01234567.so", "\010.42 2022-12-11\0"),
            ($"{Site}/scrypt/libown.so", "elf"),
            ($"{Site}/scrypt.libs/notes.txt", "no library")));
        Assert.Equal(
            ["libXau  ", "libcrypto  ", "openssl 1.0.2k pkg:generic/openssl@1.0.2k",
                "openssl 1.1.1w pkg:generic/openssl@1.1.1w", "pcre2 10.42 pkg:generic/pcre2@10.42",
                "xz 5.8.2 pkg:generic/xz@5.8.2"],
            Parts(bom, "scrypt")
                .Select(x => $"{BomOf.Text(x, "name")} {BomOf.Text(x, "version")} {BomOf.Text(x, "purl")}")
                .Order(StringComparer.Ordinal));
        var openssl = Parts(bom, "scrypt").Single(x => BomOf.Text(x, "version") == "1.0.2k");
        Assert.Equal("cpe:2.3:a:openssl:openssl:1.0.2k:*:*:*:*:*:*:*", BomOf.Text(openssl, "cpe"));
        Assert.Equal(
            $"/{Site}/scrypt.libs/libcrypto-d3570994.so.1.0.2k",
            openssl.GetProperty("evidence").GetProperty("occurrences")[0].GetProperty("location").GetString());
        Assert.Equal(["a text in the file, and its name"], BomOf.Properties(openssl, "native:version-from"));
        Assert.Equal(["pkg:pypi/scrypt@0.8.27"], Aggregate(bom, "unknown"));
    }

    [Fact]
    public void WhatNobodySeesIsSaidToBeIncomplete()
    {
        var bom = BomOf.Image(_image.Layer(
            ($"{Site}/cryptography-43.0.3.dist-info/METADATA", "Name: cryptography\nVersion: 43.0.3\n"),
            ($"{Site}/cryptography-43.0.3.dist-info/RECORD", "cryptography/hazmat/bindings/_rust.abi3.so,,\n"),
            ($"{Site}/uwsgi-2.dist-info/METADATA", "Name: uwsgi\nVersion: 2\n"),
            ($"{Site}/uwsgi-2.dist-info/RECORD", "../../../bin/uwsgi,,\n"),
            ($"{Site}/uwsgi-2.dist-info/WHEEL",
                "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp313-cp313-linux_x86_64\n"),
            ($"{Site}/six-1.dist-info/METADATA", "Name: six\nVersion: 1\n"),
            ($"{Site}/six-1.dist-info/RECORD", "six.py,,\n"),
            ($"{Site}/six-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"),
            ($"{Site}/old-1.egg-info", "Name: old\nVersion: 1\n")));
        Assert.Equal(["pkg:pypi/cryptography@43.0.3", "pkg:pypi/uwsgi@2"], Aggregate(bom, "incomplete"));
        Assert.Equal(["pkg:pypi/six@1"], Aggregate(bom, "complete"));
        Assert.Equal(["pkg:pypi/old@1"], Aggregate(bom, "unknown"));
    }

    [Fact]
    public void SbomsOfDistributionsAreMerged()
    {
        const string sbom = """
            {"bomFormat": "CycloneDX", "specVersion": "1.4", "version": 1,
                "metadata": {"component": {"type": "library", "bom-ref": "root", "name": "pillow"}},
             "components": [
              {"type": "library", "bom-ref": "pkg:pypi/pillow@12.1.1?file_name=x.whl", "name": "pillow",
                  "version": "12.1.1", "purl": "pkg:pypi/pillow@12.1.1?file_name=x.whl"},
              {"type": "library", "bom-ref": "xau", "name": "libXau", "version": "1.0.9-3.el8",
                  "purl": "pkg:rpm/almalinux/libXau@1.0.9-3.el8", "licenses": [{"license": {"id": "MIT"}}]},
              {"type": "cryptographic-asset", "bom-ref": "inner", "name": "outer",
                  "components": [{"type": "nonsense", "name": "inner",
                  "hashes": [{"alg": "SHA-256", "content": "short"}]}]},
              {"name": ""}, 7],
             "dependencies": [{"ref": "root", "dependsOn": ["xau"]}, {"ref": "inner", "dependsOn": ["xau", "nowhere"]}]}
            """;
        var bom = BomOf.Image(_image.Layer(
            ($"{Site}/pillow-12.1.1.dist-info/METADATA", "Name: pillow\nVersion: 12.1.1\n"),
            ($"{Site}/pillow-12.1.1.dist-info/RECORD", "PIL/_imaging.so,,\n"),
            ($"{Site}/pillow-12.1.1.dist-info/sboms/auditwheel.cdx.json", sbom),
            ($"{Site}/pillow-12.1.1.dist-info/sboms/x.spdx.json", """{"spdxVersion": "SPDX-2.3"}"""),
            ($"{Site}/pillow-12.1.1.dist-info/sboms/broken.cdx.json", "{"),
            ($"{Site}/pillow.libs/libXau-154567c4.so.6.0.0", "elf"),
            ($"{Site}/pillow.libs/libzstd-761a17b6.so.1.5.7", "elf")));
        Assert.Equal(["inner ", "libXau 1.0.9-3.el8", "outer ", "zstd 1.5.7"], Parts(bom, "pillow")
            .Select(x => $"{BomOf.Text(x, "name")} {BomOf.Text(x, "version")}")
            .Order(StringComparer.Ordinal));
        var xau = Parts(bom, "pillow").Single(x => BomOf.Text(x, "name") == "libXau");
        Assert.Equal(
            [$"/{Site}/pillow-12.1.1.dist-info/sboms/auditwheel.cdx.json"], BomOf.Properties(xau, "embedded-sbom"));
        Assert.Equal(
            $"/{Site}/pillow.libs/libXau-154567c4.so.6.0.0",
            xau.GetProperty("evidence").GetProperty("occurrences")[0].GetProperty("location").GetString());
        Assert.Equal("MIT", BomOf.Licenses(xau));
        Assert.Equal(
            [$"/{Site}/pillow-12.1.1.dist-info/sboms/auditwheel.cdx.json: 2 of its 6 components have no name",
                $"/{Site}/pillow-12.1.1.dist-info/sboms/broken.cdx.json: it is no JSON",
                $"/{Site}/pillow-12.1.1.dist-info/sboms/x.spdx.json: it is SPDX"],
            BomOf.Properties(BomOf.Component(bom, "pillow"), "embedded-sbom:not-read").Order(StringComparer.Ordinal));
        var inner = bom.GetProperty("dependencies").EnumerateArray()
            .Single(x => BomOf.Text(x, "ref") == "pkg:pypi/pillow@12.1.1#inner");
        Assert.Equal(
            ["pkg:pypi/pillow@12.1.1#xau"], inner.GetProperty("dependsOn").EnumerateArray().Select(x => x.GetString()));
        Assert.Equal(["SBOMs of distributions that are not read, or not as a whole: 3 (pillow)"],
            BomOf.Warnings(_image));
    }

    [Fact]
    public void ALibraryOfNobodyIsSaidToBeThere()
    {
        _image.Layer(($"{Site}/gone.libs/libz-0123abcd.so.1.3.1", "elf"));
        Assert.Equal(
            [$"/{Site}/gone.libs/libz-0123abcd.so.1.3.1"],
            BomOf.Properties(BomOf.Image(_image).GetProperty("metadata").GetProperty("component"), "native:unowned"));
        Assert.Equal(["native libraries that belong to no distribution: 1 (app)"], BomOf.Warnings(_image));
    }

    [Theory]
    [InlineData("libssl-3a1b.so.1.1", "libssl", "1.1")]
    [InlineData("libquadmath-96973f99-934c22de.so.0.0.0", "libquadmath", "0.0.0")]
    [InlineData("libscipy_openblas64_-56d6093b.so", "libscipy_openblas64_", null)]
    [InlineData("libcrypto-d3570994.so.1.0.2k", "libcrypto", "1.0.2k")]
    [InlineData("libgirepository-1.0.so.1", "libgirepository-1.0", "1")]
    [InlineData("libpng16.16.dylib", "libpng16", "16")]
    [InlineData("msvcp140-1a2b3c4d5e6f708192a3b4c5d6e7f809.dll", "msvcp140", null)]
    [InlineData("_imaging.cpython-313-x86_64-linux-gnu.so", "_imaging.cpython-313-x86_64-linux-gnu", null)]
    public void TheNameOfAFileIsThatOfALibrary(string file, string name, string? version) =>
        Assert.Equal((name, version), NativeLibrary.Parse(file));

    [Theory]
    [InlineData("libsomething.so.txt")]
    [InlineData("libz.a")]
    [InlineData(".load-order-x-1")]
    public void OrOfNone(string file) => Assert.Null(NativeLibrary.Parse(file));

    [Fact]
    public void ATextIsFoundWhereverTheContentIsDivided()
    {
        var content = Encoding.ASCII.GetBytes("\0\u0001" + new string('x', 500) + "\0v1.2.3\0v4.5.6 \u007fv7.8.9");
        for (var at = 0; at <= content.Length; at++)
        {
            var search = new VersionSearch(new Regex(@"^v(\d\.\d\.\d)$"));
            search.Read(content.AsSpan(0, at));
            search.Read(content.AsSpan(at));
            Assert.Equal(["1.2.3", "7.8.9"], search.Found);
        }
    }

    [Fact]
    public void EveryProductSaysHowItsVersionIsKnown()
    {
        foreach (var (name, _) in SbomData.Map("native-libraries.txt")) Assert.True(
            NativeProduct.Of(name) is { } product && product.Text?.GetGroupNumbers().Length is null or 2, name);
    }

    static List<JsonElement> Parts(JsonElement bom, string distribution) =>
        BomOf.Components(BomOf.Component(bom, distribution));

    static string[] Aggregate(JsonElement bom, string aggregate) => [.. bom.GetProperty("compositions")
        .EnumerateArray()
        .Where(x => BomOf.Text(x, "aggregate") == aggregate)
        .SelectMany(x => x.GetProperty("assemblies").EnumerateArray())
        .Select(x => x.GetString()!)];
}
