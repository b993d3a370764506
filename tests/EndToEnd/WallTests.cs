using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Packages;
using OpenStack.Processes;
using OpenStack.Tests.Indexes;
using OpenStack.Tests.Network;
using OpenStack.Tests.Oci;

namespace OpenStack.Tests.EndToEnd;

/// <summary>
/// A company's network: the only index is its own, which wants a password and whose certificate nobody else trusts.
/// </summary>
[Trait("Group", "Lab")]
public sealed class WallTests : IDisposable
{
    const string User = "builder";
    const string Password = "s3cret-of-the-index";

    /// <summary>Looks wherever a password or a way out could be, and says what it found.</summary>
    const string Hostile = """
        import glob, os, socket
        from setuptools import setup
        found = []
        def look(name, read):
            try:
                if b"s3cret" + b"-of" in read():
                    found.append(name)
            except OSError:
                pass
        for name in glob.glob("/proc/*/environ") + glob.glob("/proc/*/cmdline"):
            look(name, open(name, "rb").read)
        for directory in ("/run", "/tmp", "/root", "/etc", "/var/cache", "/var/lib/openstack", "/wheelhouse", "/constraints"):
            for at, _, files in os.walk(directory):
                for name in files:
                    path = os.path.join(at, name)
                    if os.path.isfile(path) and os.path.getsize(path) < 1 << 22:
                        look(path, open(path, "rb").read)
        for name in os.environ:
            if "INDEX" in name or "proxy" in name.lower():
                found.append("variable " + name)
        try:
            socket.create_connection(("127.0.0.1", PORT), 2).close()
            found.append("the index itself")
        except OSError:
            pass
        if found:
            raise SystemExit("hostile code found " + ", ".join(found))
        with open("looked.py", "w") as file:
            file.write("LOOKED = True\n")
        setup(name="hostile", version="1.0", py_modules=["looked"])
        """;

    readonly AbsolutePath _scratch = Directory.CreateTempSubdirectory("wall-").FullName;
    readonly TestAuthority _authority = new();
    readonly List<RepositoryCopy> _copies = [];

    AbsolutePath Wheels { get; } = RepositoryRoot.Path / ".nuke" / "temp" / "lab" / "wheelhouse"
        / PlatformName.ForFiles(PlatformName.Native) / "placement";

    public void Dispose()
    {
        _copies.ForEach(x => x.Dispose());
        _authority.Dispose();
        Directory.Delete(_scratch, recursive: true);
    }

    [Fact]
    public async Task WhatIsBuiltBehindItIsWhatIsBuiltOutsideAndNobodyElsesCodeSawThePassword()
    {
        var own = _scratch / "own";
        Directory.CreateDirectory(own);
        using var index = new TestIndex([Wheels, own], _authority, (User, Password));
        var ca = _scratch / "ca.pem";
        File.WriteAllText(ca, _authority.Pem);
        var outside = Copy(hasWheelhouse: true);
        (await outside.RunAsync(Placement)).ShouldSucceed();

        var inside = Copy(hasWheelhouse: false);
        var arguments = $"{Placement} --default-index ours={index.Url}";
        (await inside.RunAsync(arguments, Account(Password)))
            .ShouldFail("Inspection of Example Inc", "--ca-bundle");
        (await inside.RunAsync($"{arguments} --ca-bundle {ca}", Account("wrong")))
            .ShouldFail("answers 401", "UV_INDEX_OURS_PASSWORD");
        var run = (await inside.RunAsync($"{arguments} --ca-bundle {ca}", Account(Password))).ShouldSucceed();

        Assert.Equal(DigestOf(outside), DigestOf(inside));
        Assert.DoesNotContain(Password, run.Output, StringComparison.Ordinal);
        Assert.Empty(FilesWithThePassword(inside));
        var from = JsonNode.Parse(File.ReadAllText(inside.Root / Platform / "distributions.json"))!.AsArray();
        Assert.NotEmpty(from);
        Assert.All(from, x => Assert.StartsWith(index.Url.Replace("/simple", "/files/", StringComparison.Ordinal),
            (string?)x!["url"] ?? (string?)x["builtFrom"]!["url"], StringComparison.Ordinal));
    }

    /// <summary>
    /// A machine that reaches nobody but a proxy, which wants a password and looks into TLS; behind it an index, an
    /// archive of packages and a registry with passwords of their own, and a mirror of a registry.
    /// </summary>
    [Fact]
    public async Task AMachineThatReachesNobodyButAProxyMakesTheSame()
    {
        const string image = "--service keystone --release 2025.1 --profile wall --no-logo --base-image debian:trixie";
        using var registry = new TestRegistry();
        await RegistryMirrorTests.PushBaseAsync(registry, "hub/library/debian", "trixie");
        var outside = Copy(hasWheelhouse: true);
        var clock = Stopwatch.StartNew();
        (await outside.RunAsync($"BuildService {image} --registry-mirrors docker.io={registry.Address}/hub"
            + (TimesFile is null ? "" : " --no-cache"))).ShouldSucceed();
        var outsideTime = clock.Elapsed;

        using var index = new TestIndex([Wheels.Parent! / "keystone"]);
        using var network = new CompanyNetwork(_authority, $"{User}:{Secrets[0]}")
            .With("index.example.test", new Uri(new Uri(index.Url), "/"), $"{User}:{Secrets[1]}")
            .With("registry.example.test", new Uri($"http://{registry.Address}"), $"{User}:{Secrets[3]}")
            .With("hub.example.test", new Uri($"http://{registry.Address}"));
        var mirrors = new List<string>();
        foreach (var (i, source) in BaseSources().Select(x => x.Uri).Distinct().Index())
        {
            network.With($"apt{i}.example.test", new Uri(source), $"{User}:{Secrets[2]}");
            mirrors.Add($"{source}=https://apt{i}.example.test");
        }

        Assert.NotEmpty(mirrors);
        File.WriteAllText(_scratch / "ca.pem", _authority.Pem);
        File.WriteAllText(_scratch / "apt-auth.conf", string.Concat(mirrors.Select((_, i) =>
            $"machine apt{i}.example.test login {User} password {Secrets[2]}\n")));
        File.WriteAllText(_scratch / "config.json", "{\"auths\":{\"registry.example.test\":{\"auth\":\""
            + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Secrets[3]}")) + "\"}}}");
        var inside = Copy(hasWheelhouse: false);
        inside.Commit();
        using var machine = new OfflineEngine();
        Directory.CreateDirectory(machine.Place / "tmp");
        File.WriteAllText(machine.Place / "ca.pem", _authority.Pem);
        using var end = new CancellationTokenSource();
        var doors = machine.OpenDoorsAsync(3128, network.Proxy.Port, end.Token);
        async Task<string> RunAsync(string targets) => (await inside.RunAsync($"{targets} {image} "
            + $"--ca-bundle {_scratch / "ca.pem"} --apt-auth {_scratch / "apt-auth.conf"} "
            + $"--input-mirrors {string.Join(' ', mirrors)} --registry-mirrors docker.io=hub.example.test/hub "
            + "--default-index ours=https://index.example.test/simple --push-to registry.example.test/c5c3", machine,
            ("HTTPS_PROXY", $"http://{User}:{Secrets[0]}@127.0.0.1:3128"), ("UV_INDEX_OURS_USERNAME", User),
            ("UV_INDEX_OURS_PASSWORD", Secrets[1]), ("DOCKER_CONFIG", _scratch), ("TMPDIR", machine.Place / "tmp")))
            .ShouldSucceed().Output;
        var output = await RunAsync("BuildService");
        if (TimesFile is not null)
        {
            // What an engine keeps of packages is there outside, too.
            inside.Forget();
            Directory.Delete(inside.Root / ".nuke" / "inputs", recursive: true);
            clock.Restart();
            await RunAsync("BuildService --no-cache");
            await File.WriteAllTextAsync(TimesFile,
                $"{clock.Elapsed.TotalSeconds:0.00} {outsideTime.TotalSeconds:0.00}\n");
        }

        output += await RunAsync("Doctor TestImage Tags Sbom Sign Push Verify");
        await end.CancelAsync();
        await doors;

        Assert.Equal(DigestOf(outside, "keystone"), DigestOf(inside, "keystone"));
        using var client = registry.Open();
        Assert.NotEmpty(await client.TagsAsync("c5c3/keystone"));
        Assert.All(Secrets, x => Assert.DoesNotContain(x, output, StringComparison.Ordinal));
        Assert.Contains("buildx", File.ReadAllText(machine.Place / "commands"), StringComparison.Ordinal);
        Assert.Equal("", await FilesWithSecretsAsync(inside.Root, machine.Place));
    }

    /// <summary>Where a benchmark wants to read how long it took, inside and outside.</summary>
    static string? TimesFile => Environment.GetEnvironmentVariable("OPENSTACK_IMAGES_WALL_TIMES");

    /// <summary>Of the proxy, the index, the archive of packages, the registry.</summary>
    static IReadOnlyList<string> Secrets { get; } =
        ["s3cret-of-the-proxy", "s3cret-of-the-index", "s3cret-of-the-archive", "s3cret-of-the-registry"];

    /// <summary>In layers, caches, logs, what is published and the commands that were run: as they are, and as headers
    /// have them.</summary>
    static async Task<string> FilesWithSecretsAsync(params IReadOnlyList<AbsolutePath> directories) =>
        (await new Command("grep", ["-r", "-l", "-a", "-F",
            .. Secrets.Concat(Secrets.Select(x => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{x}"))))
                .SelectMany(x => new[] { "-e", x }), .. directories.Select(x => $"{x}")]).RunAsync()).Output;

    /// <summary>Where the laboratory's base image takes packages from.</summary>
    static IReadOnlyList<AptSource> BaseSources()
    {
        var layout = ImageReference.OfDirectory(RepositoryRoot.Path / ".nuke" / "temp" / "lab" / "base-image",
            PlatformName.Native).Layout!;
        return
        [
            .. ImageTree.Read(layout, layout.ReadManifest(),
                x => x.StartsWith("etc/apt/sources.list", StringComparison.Ordinal)).Files("etc/apt")
                .Where(x => x.File.Content is not null)
                .SelectMany(x => AptSource.Parse(Encoding.UTF8.GetString(x.File.Content!))),
        ];
    }

    [Fact]
    public async Task CodeThatLooksForThePasswordFindsNothing()
    {
        var own = _scratch / "own";
        Directory.CreateDirectory(own);
        var ca = _scratch / "ca.pem";
        File.WriteAllText(ca, _authority.Pem);
        WriteHostile(own, port: 1);
        using var index = new TestIndex([Wheels, own], _authority, (User, Password));
        WriteHostile(own, new Uri(index.Url).Port);
        var copy = Copy(hasWheelhouse: false);
        copy.Edit("releases/2025.1/extra-packages.yaml", "placement:\n  pip-packages:\n",
            "placement:\n  pip-packages:\n    - hostile\n");
        File.AppendAllText(copy.Root / "overrides/2025.1/constraints.txt", "hostile===1.0\n");
        // A proxy that nobody needs, as the index is here.
        (await copy.RunAsync($"{Placement} --default-index ours={index.Url} --ca-bundle {ca}", [.. Account(Password),
            ("HTTPS_PROXY", $"http://{User}:{Secrets[0]}@127.0.0.1:9"), ("NO_PROXY", "127.0.0.1")])).ShouldSucceed();
        Assert.Equal("True", await copy.AskAsync("placement", "import looked; print(looked.LOOKED)"));
    }

    const string Placement = "BuildService --service placement --release 2025.1 --profile wall --no-logo";

    static string Platform =>
        $"artifacts/2025.1/placement/platforms/{PlatformName.ForFiles(PlatformName.Native)}";

    static (string, string)[] Account(string password) =>
        [("UV_INDEX_OURS_USERNAME", User), ("UV_INDEX_OURS_PASSWORD", password)];

    static string DigestOf(RepositoryCopy copy, string service = "placement") =>
        OciLayout.Open(copy.Service.Parent! / service / "image").Digest;

    static IEnumerable<string> FilesWithThePassword(RepositoryCopy copy) =>
        Directory.EnumerateFiles(copy.Root, "*", SearchOption.AllDirectories)
            .Where(x => File.ReadAllBytes(x).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Password)) >= 0
                || File.ReadAllBytes(x).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Convert.ToBase64String(
                    Encoding.UTF8.GetBytes($"{User}:{Password}")))) >= 0);

    static void WriteHostile(AbsolutePath directory, int port)
    {
        using var stream = new GZipStream(File.Create(directory / "hostile-1.0.tar.gz"), CompressionLevel.Fastest);
        using var tar = new TarWriter(stream, TarEntryFormat.Pax);
        void Add(string path, string text) => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile,
            $"hostile-1.0/{path}")
        {
            DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
        });
        Add("PKG-INFO", "Metadata-Version: 2.2\nName: hostile\nVersion: 1.0\n");
        Add("pyproject.toml",
            "[build-system]\nrequires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n");
        Add("setup.py", Hostile.Replace("PORT", $"{port}", StringComparison.Ordinal));
    }

    /// <summary>With a profile that is the laboratory's but, perhaps, for what wheels are taken from.</summary>
    RepositoryCopy Copy(bool hasWheelhouse)
    {
        var copy = new RepositoryCopy();
        _copies.Add(copy);
        var profile = copy.Root / ".nuke" / "parameters.wall.json";
        File.Copy(copy.Root / ".nuke" / "parameters.lab.json", profile);
        RepositoryCopy.UseLab(profile);
        var parameters = JsonNode.Parse(File.ReadAllText(profile))!.AsObject();
        if (!hasWheelhouse) parameters.Remove("Wheelhouse");
        parameters["InputStore"] = $"{copy.Root / ".nuke" / "inputs"}";
        File.WriteAllText(profile, parameters.ToJsonString());
        return copy;
    }
}
