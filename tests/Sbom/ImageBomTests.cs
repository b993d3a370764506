using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CycloneDX;
using OpenStack.Diagnostics;
using OpenStack.Sbom;

namespace OpenStack.Tests.Sbom;

public sealed class ImageBomTests : IDisposable
{
    readonly SmallImage _image = SmallService.Image();

    public void Dispose() => _image.Dispose();

    [Fact]
    public Task ASmallServiceReadsAsItIs() => Verify(Text());

    [Fact]
    public void TheSameImageGivesTheSameBytes() => Assert.Equal(Text("first"), Text("second"));

    public static TheoryData<string> Versions => [.. SbomFiles.Versions];

    [Theory]
    [MemberData(nameof(Versions))]
    public void EveryComponentSaysWhatItMust(string version)
    {
        var text = Text(version: version);
        Assert.Empty(SbomSchema.ErrorsIn(text));
        using var json = JsonDocument.Parse(text);
        Assert.Equal(version, json.RootElement.GetProperty("specVersion").GetString());
        Assert.Empty(MinimumElements.MissingIn(json.RootElement));
    }

    [Fact]
    public void WhatHasNoDigestIsAPropertyAndAWarning()
    {
        var subject = new BomSubject("app", "localhost")
        {
            Unlocked = new Dictionary<string, IReadOnlyList<string>>
            {
                ["linux/amd64"] = ["oslo.db is a tree of this machine", "app is a tree of this machine"],
                ["linux/riscv64"] = ["of another platform"],
            },
        };
        var component = BomOf.Image(_image, subject).GetProperty("metadata").GetProperty("component");
        Assert.Equal(["app is a tree of this machine", "oslo.db is a tree of this machine"],
            BomOf.Properties(component, "unlocked").Order(StringComparer.Ordinal));
        Assert.Contains("inputs that have no digest, so that nobody can build from the same: 2 (app)",
            BomOf.Warnings(_image, subject));
        Assert.DoesNotContain(BomOf.Warnings(_image), x => x.StartsWith("inputs", StringComparison.Ordinal));
    }

    [Fact]
    public void DependenciesAreThoseThatAreThere()
    {
        var edges = Edges(Text());
        Assert.Equal("libgcc-s1", edges["libc6"]);
        // Of alternatives what is there, by name or by what it provides.
        Assert.Equal("libc6 python3-rados", edges["login"]);
        // An extra that was asked for on the command line, and one that a requirement asks for.
        Assert.Equal("oslo-config python-ldap uwsgi", edges["keystone"]);
        Assert.Equal("rfc3986", edges["oslo-config"]);
        Assert.Equal("six", edges["uwsgi"]);
        Assert.Equal("six", edges["setuptools"]);
        Assert.Equal("", edges["memcache"]);
        // What nobody needs is of the system's or of the image's, and one of each circle.
        Assert.Equal("login", edges["operating-system"]);
        Assert.Equal("broken keystone memcache operating-system setuptools", edges["sha256"]);
    }

    [Fact]
    public void TheDigestOfAPackageIsThatOfItsFiles()
    {
        using var json = JsonDocument.Parse(Text());
        string Hash(string name) => json.RootElement.GetProperty("components")
            .EnumerateArray()
            .Single(x => x.GetProperty("name").GetString() == name)
            .GetProperty("hashes")[0]
            .GetProperty("content")
            .GetString()!;
        static string Sum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        // A path through a linked directory is one; files that are not there do not count.
        Assert.Equal(Sum($"{Sum("elf")}  /usr/bin/login\n"), Hash("login"));
        Assert.Equal(
            Sum($"{Sum("elf")}  /lib/libc.so.6\n{Sum(SmallService.Copyright)}  /usr/share/doc/libc6/copyright\n"),
            Hash("libc6"));
        var metadata = json.RootElement.GetProperty("components")
            .EnumerateArray()
            .Single(x => x.GetProperty("name").GetString() == "memcache");
        Assert.Contains("does not say which files",
            metadata.GetProperty("properties")[0].GetProperty("value").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnImageWithoutAnythingIsOne()
    {
        using var empty = new SmallImage().Layer(("bin/app", "elf"));
        var layout = empty.Write();
        var bom = ImageBom.Of(
            Inventory.Read(layout, layout.ReadManifest()), new BomSubject("app", "localhost:5000"),
            SpecificationVersion.v1_6);
        Assert.Empty(SbomSchema.ErrorsIn(SbomFiles.Text(bom)));
        using var json = JsonDocument.Parse(SbomFiles.Text(bom));
        // CycloneDX.Core leaves out a list without anything in it.
        Assert.False(json.RootElement.TryGetProperty("components", out _));
        Assert.Empty(MinimumElements.MissingIn(json.RootElement));
    }

    [Fact]
    public void AVersionThatIsNotWrittenIsAProblem() =>
        Assert.Contains(
            "expected 1.5, 1.6 or 1.7", Assert.Throws<ProblemException>(() => SbomFiles.VersionOf("1.4")).Message,
            StringComparison.Ordinal);

    /// <summary>The judge itself: what is wrong is found, in every version.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public void WhatTheSchemaDoesNotAdmitIsFound(string version)
    {
        foreach (var (right, wrong) in (ReadOnlySpan<(string, string)>)
            [("\"type\": \"library\"", "\"type\": \"nonsense\""), ("\"alg\": \"SHA-256\"", "\"alg\": \"SHA-0\""),
                ("\"bomFormat\"", "\"unheardOf\"")])
        {
            var text = Text(version: version);
            Assert.Contains(right, text, StringComparison.Ordinal);
            Assert.NotEmpty(SbomSchema.ErrorsIn(text.Replace(right, wrong, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void AFilePerPlatform()
    {
        SbomFiles.Write(_image.Write(), SmallService.Subject(), SpecificationVersion.v1_6, _image.Directory / "sbom");
        Assert.Equal(["linux-amd64.cdx.json"],
            Directory.EnumerateFiles(_image.Directory / "sbom").Select(Path.GetFileName));
    }

    string Text(string name = "image", string version = "1.6")
    {
        var layout = _image.Write(name, SmallService.Labels, pack: false);
        var manifest = layout.ReadManifest();
        return SbomFiles.Text(ImageBom.Of(Inventory.Read(layout, manifest), SmallService.Subject(baseLayers: 1),
            SbomFiles.VersionOf(version)));
    }

    /// <summary>Names of dependencies by name: what stands between the last slash and the version.</summary>
    static Dictionary<string, string> Edges(string text)
    {
        static string Name(string? reference) => reference!.StartsWith("pkg:oci/", StringComparison.Ordinal)
            ? "sha256"
            : reference.Split('?', '#')[0].Split('@')[0].Split('/')[^1];
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("dependencies")
            .EnumerateArray()
            .GroupBy(x => Name(x.GetProperty("ref").GetString()))
            .ToDictionary(x => x.Key, x => string.Join(' ', x.Where(y => y.TryGetProperty("dependsOn", out _))
                .SelectMany(y => y.GetProperty("dependsOn").EnumerateArray())
                .Select(y => Name(y.GetString()))
                .Order(StringComparer.Ordinal)));
    }
}
