using OpenStack.Lab;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Tests.Sbom;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Oci;

/// <summary>
/// Layouts that other tools write are read. skopeo and umoci are packages of Debian; where a machine lacks one, its
/// tests have nothing to say.
/// </summary>
[Trait("Group", "Lab")]
public sealed class ForeignToolsTests : IDisposable
{
    static readonly LabLayout s_lab = new(RepositoryRoot.Path / ".nuke" / "temp" / "lab");

    readonly TemporaryDirectory _directory = new();
    readonly SmallImage _image = new();

    public ForeignToolsTests() => _image.Layer(("etc/os-release", "ID=debian"), ("usr/lib/x", "X"));

    public void Dispose()
    {
        _image.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("uncompressed")]
    public async Task Skopeo(string format)
    {
        if (!Has("skopeo")) return;
        var source = _image.Write();
        var packing = format == "uncompressed" ? (string[])["--dest-decompress"]
            : ["--dest-compress", "--dest-compress-format", format];
        foreach (var tag in (string[])["1.0", "latest"])
            await new Command("skopeo",
                ["--insecure-policy", "copy", "--quiet", .. packing, $"oci:{source.Directory}",
                $"oci:{_directory / "image"}:{tag}"]).RequireAsync();
        Judge(OciLayout.Open(_directory / "image", isForeign: true));
    }

    [Fact]
    public async Task SkopeoOfAnotherPlatform()
    {
        if (!Has("skopeo")) return;
        // It says that the image is one of the machine that it runs on.
        var source = PlatformImage.Write(_directory / "source", "linux/s390x", "x");
        await new Command("skopeo", "--insecure-policy", "copy", "--quiet", $"oci:{source.Directory}",
            $"oci:{_directory / "image"}:1.0").RequireAsync();
        Assert.Equal(["linux/s390x"], OciLayout.Open(_directory / "image").Manifests().Select(x => x.Platform));
    }

    [Fact]
    public async Task SkopeoOfAllPlatforms()
    {
        if (!Has("skopeo")) return;
        var parts = ((string[])["linux/amd64", "linux/arm64"])
            .Select(x => PlatformImage.Write(_directory / PlatformName.ForFiles(x), x, "x")).ToList();
        PlatformIndex.Write(parts, _directory / "joined");
        await new Command("skopeo", "--insecure-policy", "copy", "--quiet", "--all", $"oci:{_directory / "joined"}",
            $"oci:{_directory / "image"}:1.0").RequireAsync();
        Assert.Equal(["linux/amd64", "linux/arm64"], OciLayout.Open(_directory / "image").Manifests()
            .Select(x => x.Platform));
    }

    [Fact]
    public async Task Umoci()
    {
        if (!Has("umoci")) return;
        var image = _directory / "image";
        await new Command("umoci", "init", "--layout", image).RequireAsync();
        await new Command("umoci", "new", "--image", $"{image}:1.0").RequireAsync();
        File.WriteAllText(_directory / "x", "X");
        await new Command("umoci", "insert", "--image", $"{image}:1.0", _directory / "x", "/usr/lib/x").RequireAsync();
        await new Command("umoci", "tag", "--image", $"{image}:1.0", "latest").RequireAsync();
        Judge(OciLayout.Open(image, isForeign: true));
    }

    /// <summary>With attestations, which it makes unless it is told not to, and for several platforms.</summary>
    [Theory]
    [InlineData("linux/amd64", "gzip")]
    [InlineData("linux/amd64,linux/arm64", "zstd")]
    public async Task Buildx(string platforms, string compression)
    {
        var layout = await BuildAsync(platforms, compression, []);
        Judge(layout);
        Assert.Equal(platforms.Split(','), layout.Manifests().Select(x => x.Platform));
    }

    /// <summary>Layouts are handed to it in the one form that all of its versions take.</summary>
    [Fact]
    public async Task BuildxTakesALayoutAsAContext()
    {
        var source = _image.Write();
        Judge(await BuildAsync("linux/amd64", "gzip", ["--build-context", $"base={source.Context}"], "FROM base\n"));
    }

    static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(x => File.Exists(Path.Combine(x, program)));

    static void Judge(OciLayout layout)
    {
        layout.Verify();
        foreach (var manifest in layout.Manifests().Select(x => layout.ReadManifest(x.Digest)))
            Assert.Equal("X", System.Text.Encoding.UTF8.GetString(ImageTree.Read(layout, manifest, _ => true)
                .Find("usr/lib/x")!.Content!));
    }

    async Task<OciLayout> BuildAsync(string platforms, string compression, IReadOnlyList<string> options,
        string dockerfile = "FROM scratch\nCOPY x /usr/lib/x\n")
    {
        Directory.CreateDirectory(_directory / "context");
        File.WriteAllText(_directory / "context" / "x", "X");
        File.WriteAllText(_directory / "context" / "Dockerfile", dockerfile);
        await new Command(s_lab.DockerWrapper,
            ["buildx", "build", "--quiet", "--provenance=mode=min", "--platform", platforms, .. options, "--output",
                $"type=oci,tar=false,dest={_directory / "image"},compression={compression},force-compression=true",
                _directory / "context"]).RequireAsync();
        return OciLayout.Open(_directory / "image", isForeign: true);
    }
}
