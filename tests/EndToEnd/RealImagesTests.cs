using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Processes;

namespace OpenStack.Tests.EndToEnd;

/// <summary>
/// What a user builds: with uv itself, from wheels and source distributions of an index and from repositories as they
/// are upstream, on the laboratory's engine.
/// </summary>
[Trait("Group", "Real")]
public sealed class RealImagesTests : IDisposable
{
    readonly AbsolutePath _scratch = Directory.CreateTempSubdirectory("real-").FullName;
    readonly List<RepositoryCopy> _copies = [];

    static string Selection => $"--service {string.Join(' ', RealPackages.Services)} --release "
        + $"{string.Join(' ', RealPackages.Releases)} --profile real --no-logo";

    public void Dispose()
    {
        _copies.ForEach(x => x.Dispose());
        Directory.Delete(_scratch, recursive: true);
    }

    /// <summary>
    /// And built once more, from nothing, elsewhere, from what was locked and nothing else: every image is the same.
    /// </summary>
    [RealFact]
    public async Task WhatAUserBuildsKeepsItsContractIsPublishedAndRepeats()
    {
        var first = Copy();
        var selection = $"{Selection} --registry ghcr.io/real-{Environment.ProcessId} "
            + $"--ref-locks {_scratch / "locks"} --input-store {_scratch / "inputs"}";
        (await first.RunAsync($"TestImage Sbom Sign Push Verify {selection}")).ShouldSucceed();
        (await first.RunAsync($"Lock {selection}")).ShouldSucceed();

        var second = Copy();
        (await second.RunAsync($"Prefetch {selection}")).ShouldSucceed();
        // Another path, owner, time zone and umask, and nowhere else that anything could come from.
        new Command("chown", "-R", "1234:1234", second.Root).RequireAsync().GetAwaiter().GetResult();
        (await second.RunMaskedAsync("077", $"BuildService {selection} --hermetic --no-cache "
            + "--wheelhouse /nonexistent/wheels --uv-image /nonexistent/uv --base-image /nonexistent/base",
            ("TZ", "Asia/Kathmandu"), ("USER", "somebody"), ("HOME", _scratch))).ShouldSucceed();

        var images = Directory.GetDirectories(first.Root / "artifacts", "image", SearchOption.AllDirectories)
            .Where(x => !x.Contains("/platforms/", StringComparison.Ordinal))
            .Select(x => Path.GetRelativePath(first.Root, x))
            .ToList();
        Assert.True(images.Count > RealPackages.Services.Count, string.Join(' ', images));
        Assert.Empty(images.SelectMany(x => DifferencesBetween(OciLayout.Open(first.Root / x),
            OciLayout.Open(second.Root / x)).Select(y => $"{x}: {y}")));
    }

    static IEnumerable<ImageDifference> DifferencesBetween(OciLayout one, OciLayout other) => one.Manifests()
        .Select(x => ImageDifference.Between(one, x, other, other.Manifests().Single(y => y.Platform == x.Platform)))
        .OfType<ImageDifference>();

    /// <summary>Upstream's own tests, with what they want as an index has it.</summary>
    [RealFact(ofDirectory: true)]
    public async Task UpstreamsOwnTestsPass()
    {
        var copy = Copy();
        (await copy.RunAsync("TestSource --service placement --release 2026.1 --profile real --no-logo"))
            .ShouldSucceed();
        var junit = XDocument.Load(
            copy.Root / "artifacts/2026.1/placement/platforms/linux-amd64/tests/placement/junit.xml");
        Assert.Equal("200", junit.Root!.Element("testsuite")!.Attribute("tests")!.Value);
    }

    /// <summary>Tempest, as an index has it, against services as an index and their repositories have them.</summary>
    [RealFact(ofDirectory: true)]
    public async Task TempestPassesAgainstASet()
    {
        var copy = Copy();
        // Of Tempest there are wheels, and none of its plugins and of clients.
        foreach (var lines in (string[])[
            "    - osc-placement\n    - python-barbicanclient\n    - python-openstackclient\n",
            "  plugins: [barbican-tempest-plugin, keystone-tempest-plugin]\n"])
            copy.Edit("releases/2026.1/extra-packages.yaml", lines, "");
        copy.Edit("releases/2026.1/extra-packages.yaml", "tempest:\n  pip-packages:\n", "");
        copy.Edit("releases/2026.1/source-refs.yaml",
            "keystone-tempest-plugin: \"0.21.0\"\nbarbican-tempest-plugin: \"4.5.0\"\n", "");
        var version = MakeTempest(_scratch / "git");
        (await copy.RunAsync($"TestSet --service keystone placement --release 2026.1 --profile real --no-logo "
            + $"--git-mirror {_scratch / "git"} --ref tempest={version}")).ShouldSucceed();
        var suite = XDocument.Load(copy.Root / "artifacts/2026.1/set/junit.xml").Root!.Element("testsuite")!;
        Assert.True(int.Parse(suite.Attribute("tests")!.Value, CultureInfo.InvariantCulture) > 5, $"{suite}");
        Assert.Equal("0", suite.Attribute("skipped")!.Value);
    }

    /// <summary>
    /// The repositories at hand, and one of Tempest's that is made of its wheel: what is in it, as PBR would package
    /// it.
    /// </summary>
    /// <returns>Its version, which it has a tag of.</returns>
    static string MakeTempest(AbsolutePath mirrors)
    {
        Directory.CreateDirectory(mirrors);
        foreach (var repository in Directory.GetDirectories(RealPackages.Directory! / "git"))
            Directory.CreateSymbolicLink(mirrors / Path.GetFileName(repository), repository);
        var wheel = Directory.GetFiles(RealPackages.Directory! / "wheels", "tempest-*.whl").Single();
        var version = Path.GetFileName(wheel).Split('-')[1];
        var tree = mirrors / "tempest";
        System.IO.Compression.ZipFile.ExtractToDirectory(wheel, tree);
        var metadata = tree / $"tempest-{version}.dist-info";
        var scripts = string.Concat(File.ReadLines(metadata / "entry_points.txt").Where(x => x.Length > 0)
            .Select(x => x[0] == '[' ? $"{x.Trim('[', ']')} =\n" : $"    {x}\n"));
        File.WriteAllText(tree / "setup.cfg", $"[metadata]\nname = tempest\n[files]\npackages =\n    tempest\n"
            + $"[entry_points]\n{scripts}");
        File.WriteAllText(tree / "setup.py", "import setuptools\nsetuptools.setup(setup_requires=['pbr'], pbr=True)\n");
        File.WriteAllLines(tree / "requirements.txt", File.ReadLines(metadata / "METADATA")
            .Where(x => x.StartsWith("Requires-Dist: ", StringComparison.Ordinal)
                && !x.Contains("extra ==", StringComparison.Ordinal)).Select(x => x["Requires-Dist: ".Length..]));
        Directory.Delete(metadata, recursive: true);
        RepositoryCopy.Git(tree, "init", "--quiet", "--initial-branch=master");
        RepositoryCopy.Git(tree, "add", "--all", "--force");
        RepositoryCopy.Git(tree, "commit", "--quiet", "--message", "Tempest");
        RepositoryCopy.Git(tree, "tag", "--annotate", "--message", version, version);
        foreach (var what in (string[])["allowFilter", "allowAnySHA1InWant"])
            RepositoryCopy.Git(tree, "config", $"uploadpack.{what}", "true");
        return version;
    }

    /// <summary>
    /// The stand-in of uv and uv itself install the same from the same wheels, but for what each writes of its own.
    /// </summary>
    [RealFact(ofDirectory: true)]
    public async Task TheStandInInstallsWhatUvInstalls()
    {
        var service = RealPackages.Services[0];
        var trees = new List<Dictionary<string, string>>();
        foreach (var uv in (string[])["", $" --uv-image {RealPackages.UvDirectory(_scratch)}"])
        {
            var copy = new RepositoryCopy().WithLab();
            _copies.Add(copy);
            (await copy.RunAsync($"BuildService --service {service} --release 2025.1 --profile lab --no-logo{uv}"))
                .ShouldSucceed();
            var layout = OciLayout.Open(copy.Root / "artifacts" / "2025.1" / service / "image");
            trees.Add(ImageTree.Read(layout, layout.ReadManifest(), _ => false, digests: true)
                .Files("var/lib/openstack")
                .Where(x => !IsTheInstallersOwn(x.Path))
                .ToDictionary(x => x.Path, x => Convert.ToHexStringLower(x.File.Digest ?? [])));
        }

        Assert.True(trees[0].Count > 1000, $"{trees[0].Count} files");
        Assert.Equal([], trees[0].Keys.Union(trees[1].Keys)
            .Where(x => trees[0].GetValueOrDefault(x) != trees[1].GetValueOrDefault(x))
            .Order(StringComparer.Ordinal));

        // Scripts of entry points and of the environment itself are written by the installer; RECORD has their digests.
        static bool IsTheInstallersOwn(string path) =>
            path.StartsWith("var/lib/openstack/bin/", StringComparison.Ordinal)
                || Path.GetFileName(path) is "INSTALLER" or "RECORD" or "REQUESTED" or "pyvenv.cfg" or "_virtualenv.py"
                    or "_virtualenv.pth";
    }

    /// <summary>A source distribution that does not build is told by its name and the line of its log.</summary>
    [RealFact(ofDirectory: true)]
    public async Task ABadSourceDistributionIsNamed()
    {
        var wheelhouse = Wheelhouse(_ => true);
        var copy = Copy();
        copy.Edit("releases/2026.1/extra-packages.yaml", "placement:\n  pip-packages:\n",
            "placement:\n  pip-packages:\n    - bad\n");
        File.AppendAllText(copy.Root / "overrides/2026.1/constraints.txt", "bad===1.0\n");
        foreach (var (name, setup, saying) in ((string, string, string)[])
        [
            ("module.c", "ext_modules=[Extension('bad', ['module.c'])]", "absent.h: No such file or directory"),
            ("../../outside.txt", "py_modules=[]", "outside"),
            ("net.py", "cmdclass={'bdist_wheel': __import__('net').Fetch}", "Name or service not known"),
        ])
        {
            WriteSdist(wheelhouse, "bad-1.0", setup, (name, BadFile(name)));
            var run = await copy.RunAsync("BuildWheels --service placement --release 2026.1 --profile real --no-logo "
                + $"--wheelhouse {wheelhouse}");
            run.ShouldFail("bad", saying);
        }
    }

    /// <summary>A distribution that has wheels, too, is built from its source where that is asked for.</summary>
    [RealFact(ofDirectory: true)]
    public async Task WhatIsNamedIsBuiltFromSource()
    {
        var wheelhouse = Wheelhouse(_ => true);
        WriteSdist(wheelhouse, "netaddr-1.3.0", "packages=['netaddr']", ("netaddr/__init__.py", "# from source\n"));
        var copy = Copy();
        (await copy.RunAsync("BuildService --service placement --release 2026.1 --profile real --no-logo "
            + $"--wheelhouse {wheelhouse} --from-source netaddr")).ShouldSucceed();
        var layout = OciLayout.Open(copy.Root / "artifacts" / "2026.1" / "placement" / "image");
        Assert.Equal(["# from source\n".Length], ImageTree.Read(layout, layout.ReadManifest(), _ => false)
            .Files("var/lib/openstack")
            .Where(x => x.Path.EndsWith("/netaddr/__init__.py", StringComparison.Ordinal))
            .Select(x => (int)x.File.Size));
    }

    static void WriteSdist(AbsolutePath directory, string name, string setup, params (string Path, string Text)[] files)
    {
        using var stream = new System.IO.Compression.GZipStream(File.Create(directory / $"{name}.tar.gz"),
            System.IO.Compression.CompressionLevel.Fastest);
        using var tar = new System.Formats.Tar.TarWriter(stream, System.Formats.Tar.TarEntryFormat.Ustar);
        void Add(string path, string text) => tar.WriteEntry(new System.Formats.Tar.UstarTarEntry(
            System.Formats.Tar.TarEntryType.RegularFile, $"{name}/{path}")
        {
            DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)),
        });
        var (distribution, version) = (name.Split('-')[0], name.Split('-')[1]);
        Add("PKG-INFO", $"Metadata-Version: 2.2\nName: {distribution}\nVersion: {version}\n");
        Add("pyproject.toml",
            "[build-system]\nrequires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n");
        Add("setup.py", "import sys\nsys.path.insert(0, '.')\nfrom setuptools import Extension, setup\n"
            + $"setup(name='{distribution}', version='{version}', {setup})\n");
        foreach (var (path, text) in files) Add(path, text);
    }

    static string BadFile(string name) => name switch
    {
        "module.c" => "#include \"absent.h\"\n",
        "net.py" => "import urllib.request\nfrom setuptools.command.bdist_wheel import bdist_wheel\n"
            + "class Fetch(bdist_wheel):\n    def run(self):\n"
            + "        urllib.request.urlopen('http://nowhere.invalid/')\n",
        _ => "outside\n",
    };

    /// <summary>A file that is not what it was when the closure was resolved is not installed.</summary>
    [RealFact(ofDirectory: true)]
    public async Task AChangedFileIsNotInstalled()
    {
        var wheelhouse = Wheelhouse(_ => true);
        var (copy, arguments) = (Copy(),
            $"--service placement --release 2026.1 --profile real --no-logo --wheelhouse {wheelhouse}");
        (await copy.RunAsync($"BuildWheels {arguments}")).ShouldSucceed();
        foreach (var wheel in Directory.GetFiles(wheelhouse, "netaddr-*.whl"))
        {
            using var archive = System.IO.Compression.ZipFile.Open(wheel, System.IO.Compression.ZipArchiveMode.Update);
            using var added = new StreamWriter(archive.CreateEntry("netaddr/more.py").Open());
            added.Write("# another file\n");
        }

        var run = await copy.RunAsync($"BuildService {arguments} --skip");
        if (run.ExitCode != 0)
        {
            run.ShouldFail("netaddr", "sha256:");
            return;
        }

        // uv may still have the one that was meant.
        var layout = OciLayout.Open(copy.Root / "artifacts" / "2026.1" / "placement" / "image");
        var files = ImageTree.Read(layout, layout.ReadManifest(), _ => false)
            .Files("var/lib/openstack")
            .Select(x => x.Path)
            .ToList();
        Assert.Contains(files, x => x.EndsWith("/netaddr/__init__.py", StringComparison.Ordinal));
        Assert.DoesNotContain(files, x => x.EndsWith("/netaddr/more.py", StringComparison.Ordinal));
    }

    /// <summary>What a wheelhouse lacks is never taken from elsewhere: an error names it.</summary>
    [RealFact(ofDirectory: true)]
    public async Task WhatTheWheelhouseLacksIsNamed()
    {
        var wheelhouse = Wheelhouse(x => !x.StartsWith("netaddr-", StringComparison.Ordinal));
        (await Copy().RunAsync("BuildWheels --service placement --release 2026.1 --profile real --no-logo "
            + $"--wheelhouse {wheelhouse}")).ShouldFail("netaddr");
    }

    AbsolutePath Wheelhouse(Func<string, bool> has)
    {
        var wheelhouse = _scratch / "wheelhouse";
        Directory.CreateDirectory(wheelhouse);
        foreach (var file in Directory.GetFiles(RealPackages.Directory! / "wheels")
            .Where(x => has(Path.GetFileName(x))))
            File.Copy(file, wheelhouse / Path.GetFileName(file));
        return wheelhouse;
    }

    /// <summary>
    /// Data of the repository, with a profile that takes an engine from the laboratory and everything else from where
    /// users have it.
    /// </summary>
    RepositoryCopy Copy()
    {
        var copy = new RepositoryCopy();
        _copies.Add(copy);
        var profile = copy.Root / ".nuke" / "parameters.real.json";
        File.Copy(copy.Root / ".nuke" / "parameters.lab.json", profile);
        RepositoryCopy.UseLab(profile);
        var parameters = JsonNode.Parse(File.ReadAllText(profile))!.AsObject();
        foreach (var name in (string[])["Pins", "RefInsteadOf", "Wheelhouse", "GitMirror", "UvImage"])
            parameters.Remove(name);
        if (RealPackages.Directory is { } packages)
        {
            parameters["UvImage"] =
                $"{(Directory.Exists(_scratch / "uv") ? _scratch / "uv" : RealPackages.UvDirectory(_scratch))}";
            parameters["Wheelhouse"] = $"{packages / "wheels"}";
            parameters["GitMirror"] = $"{packages / "git"}";
        }

        File.WriteAllText(profile, parameters.ToJsonString());
        // Tags name the commit of the repository.
        RepositoryCopy.Git(copy.Root, "init", "--quiet", "--initial-branch=main");
        RepositoryCopy.Git(copy.Root, "add", "--all", "--force");
        RepositoryCopy.Git(copy.Root, "commit", "--quiet", "--message", "All of it");
        return copy;
    }
}
