using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Tests.Indexes;
using OpenStack.Tests.Network;

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
        (await outside.RunAsync(Command)).ShouldSucceed();

        var inside = Copy(hasWheelhouse: false);
        var arguments = $"{Command} --default-index ours={index.Url}";
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
        (await copy.RunAsync($"{Command} --default-index ours={index.Url} --ca-bundle {ca}", Account(Password)))
            .ShouldSucceed();
        Assert.Equal("True", await copy.AskAsync("placement", "import looked; print(looked.LOOKED)"));
    }

    const string Command = "BuildService --service placement --release 2025.1 --profile wall --no-logo";

    static string Platform =>
        $"artifacts/2025.1/placement/platforms/{PlatformName.ForFiles(PlatformName.Native)}";

    static (string, string)[] Account(string password) =>
        [("UV_INDEX_OURS_USERNAME", User), ("UV_INDEX_OURS_PASSWORD", password)];

    static string DigestOf(RepositoryCopy copy) => OciLayout.Open(copy.Service.Parent! / "placement" / "image").Digest;

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
