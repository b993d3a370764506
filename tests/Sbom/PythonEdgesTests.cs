using System.IO.Compression;
using System.Text;
using System.Text.Json;
using OpenStack.Constraints;
using OpenStack.Processes;
using OpenStack.Sbom;
using Xunit.Abstractions;

namespace OpenStack.Tests.Sbom;

/// <summary>
/// Edges between Python distributions against <c>importlib.metadata</c> and <c>packaging</c>, of the machine's Python
/// (python3-packaging) or of the directory of wheels.
/// </summary>
[Trait("Group", "Lab")]
public sealed class PythonEdgesTests(ITestOutputHelper output)
{
    /// <summary>Names a directory of wheels to compare on besides.</summary>
    const string Wheels = "OPENSTACK_IMAGES_WHEELS";

    const string Site = SmallService.Site;

    const string Reference = """
        import importlib.metadata, json, re, sys
        given = json.load(open(sys.argv[1]))
        sys.path[:0] = given["packaging"]
        from packaging.requirements import Requirement
        normal = lambda x: re.sub(r"[-_.]+", "-", x).lower()
        environment = {**given["environment"], "platform_release": "", "platform_version": ""}
        found = {}
        for x in importlib.metadata.distributions(path=[given["site"]]):
            found.setdefault((normal(x.metadata["Name"]), x.version), []).append(x)
        names = {name for name, _ in found}
        extras = {name: {normal(x) for x in given["extras"].get(name, [])} for name in names}
        def read(text):
            try:
                return Requirement(re.sub(r"\s+", " ", text))
            except Exception:
                return None
        needs = {key: [read(t) for x in same for t in x.requires or []] for key, same in found.items()}
        def holds(r, name):
            return r.marker is None or any(r.marker.evaluate({**environment, "extra": e}) for e in {""} | extras[name])
        while True:
            before = sum(map(len, extras.values()))
            for (name, _), list_ in needs.items():
                for r in list_:
                    if r and normal(r.name) in names and holds(r, name):
                        extras[normal(r.name)] |= {normal(e) for e in r.extras}
            if sum(map(len, extras.values())) == before:
                break
        edges = {f"{name} {version} -> {normal(r.name)}" for (name, version), list_ in needs.items() for r in list_
                 if r and normal(r.name) in names and normal(r.name) != name and holds(r, name)}
        print(json.dumps(
            {"edges": sorted(edges), "unread": sum(r is None for x in needs.values() for r in x),
            "requirements": sum(map(len, needs.values()))}))
        """;

    [PackagingTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task GeneratedDistributionsHaveTheSameEdges(int seed) =>
        Assert.True(await CompareAsync(Generated(new Random(seed))) > 100);

    [WheelsFact]
    public async Task RealWheelsHaveTheSameEdges()
    {
        var files = new Dictionary<string, string>();
        foreach (var wheel in Directory.EnumerateFiles(WheelDirectory!, "*.whl"))
        {
            using var archive = ZipFile.OpenRead(wheel);
            var metadata = archive.Entries.Single(x => x.FullName.EndsWith(".dist-info/METADATA",
                StringComparison.Ordinal) && x.FullName.Count(y => y == '/') == 1);
            using var reader = new StreamReader(metadata.Open());
            files[metadata.FullName] = await reader.ReadToEndAsync();
        }

        Assert.True(await CompareAsync(files) > 100);
    }

    /// <summary>How many edges there are, which must be the same.</summary>
    async Task<int> CompareAsync(IReadOnlyDictionary<string, string> files)
    {
        IReadOnlyDictionary<PythonName, IReadOnlyList<string>> extras = RequestedExtras.Of("dist-0", ["Extra.One"],
            ["dist_1[x,Y]", "dist_2"]);
        using var image = new SmallImage();
        (string, string) configuration = ("var/lib/openstack/pyvenv.cfg", "version_info = 3.13.5\n");
        image.Layer([.. files.Select(x => ($"{Site}/{x.Key}", x.Value)), configuration]);
        var bom = BomOf.Image(image, new BomSubject("app", "localhost") { Extras = extras });
        var ours = Edges(bom);

        var site = Directory.CreateDirectory(image.Directory / "site").FullName;
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(site, path))!);
            await File.WriteAllTextAsync(Path.Combine(site, path), text);
        }

        var environment = MarkerEnvironment.Linux("3.13.5").Values;
        var input = image.Directory / "input.json";
        await File.WriteAllTextAsync(
            input,
            JsonSerializer.Serialize(new
            {
                site,
                environment,
                packaging = Packaging(),
                extras = extras.ToDictionary(x => x.Key.Value, x => x.Value),
            }));
        var run = await new Command("python3", "-c", Reference, input).RequireAsync();
        var answer = JsonDocument.Parse(run.Output).RootElement;
        var theirs = answer.GetProperty("edges").EnumerateArray().Select(x => x.GetString()!)
            .ToHashSet(StringComparer.Ordinal);
        output.WriteLine(
            $"{theirs.Count} edges of {answer.GetProperty("requirements")} requirements: " +
            $"{theirs.Except(ours).Count()} missing, {ours.Except(theirs).Count()} too many");
        Assert.Empty(theirs.Except(ours)
            .Select(x => $"missing: {x}")
            .Concat(ours.Except(theirs).Select(x => $"too many: {x}"))
            .Order(StringComparer.Ordinal));
        Assert.Equal(
            answer.GetProperty("unread").GetInt32(),
            BomOf.Components(bom).Sum(x => BomOf.Properties(x, "python:unreadable-requirement").Length));
        return theirs.Count;
    }

    /// <summary>A wheel, from which Python imports as it is; none where Python has one of its own.</summary>
    static string[] Packaging() => Directory.Exists(WheelDirectory)
        ? [.. Directory.EnumerateFiles(WheelDirectory, "packaging-*.whl").OrderBy(x => x, StringComparer.Ordinal)
            .TakeLast(1)] : [];

    static string? WheelDirectory => Environment.GetEnvironmentVariable(Wheels);

    /// <summary>By name and version of the one that needs, and name of the one that is needed.</summary>
    static HashSet<string> Edges(JsonElement bom)
    {
        static string Normal(JsonElement x) => PythonName.Of(BomOf.Text(x, "name")!).Value;
        var components = BomOf.Components(bom).ToDictionary(x => BomOf.Text(x, "bom-ref")!);
        return [.. bom.GetProperty("dependencies").EnumerateArray()
            .Where(x => x.TryGetProperty("dependsOn", out _) && components.ContainsKey(BomOf.Text(x, "ref")!))
            .SelectMany(x => x.GetProperty("dependsOn").EnumerateArray().Select(y =>
                $"{Normal(components[BomOf.Text(x, "ref")!])} " +
                    $"{BomOf.Text(components[BomOf.Text(x, "ref")!], "version")} -> " +
                    $"{Normal(components[y.GetString()!])}"))];
    }

    /// <summary>Distributions in all forms, whose requirements are spelt in all ways.</summary>
    static Dictionary<string, string> Generated(Random random)
    {
        const int count = 60;
        string[] extras = ["extra-one", "x", "y_2", "audit_notifications"];
        string Pick(params string[] from) => from[random.Next(from.Length)];
        string Name(int i) => Pick("dist-", "Dist_", "DIST.", "dist--") + i;
        string Marker() => Pick("python_version >= '3.8'", "python_version<\"3\"", "sys_platform == 'win32'",
            "sys_platform != \"win32\" and python_full_version >= '3.13.2'",
            "(python_version > '3.12' or os_name == 'nt') and platform_machine == 'x86_64'",
            "platform_python_implementation == 'CPython'", "implementation_name == 'pypy'", "'linux' in sys_platform",
            "platform_system not in 'Windows Darwin'", "python_full_version < '3.13.2'");
        string Requirement()
        {
            var name = Name(random.Next(count + 10));
            var asked = random.Next(3) == 0
                ? $"[{string.Join(Pick(",", ", "), Enumerable.Range(0, random.Next(1, 3)).Select(_ => Pick(extras)))}]"
                : "";
            var version = Pick(
                "", "", ">=1", ">=1.0,<2", " >= 1.0 , != 1.5", " (>=1.3.0)", "(>=1,<2)", "~=1.4", "==1.*", "!=2.0.*",
                " (==1.0)");
            if (random.Next(12) == 0) version = " @ https://example.org/x.whl";
            var marker = random.Next(4) switch
            {
                0 => Marker(),
                1 => $"extra == '{Pick(extras)}'",
                2 => $"({Marker()}) and extra == \"{Pick(extras)}\"",
                _ => "",
            };
            return name + asked + version
                + (marker.Length == 0
                    ? ""
                    : (version.StartsWith(" @", StringComparison.Ordinal) ? " ; " : Pick(";", "; ", " ; ")) + marker);
        }

        var files = new Dictionary<string, string>();
        for (var i = 0; i < count; i++)
        {
            var requirements = Enumerable.Range(0, random.Next(2, 12)).Select(_ => Requirement()).ToList();
            var (name, version) = (Name(i), $"1.{random.Next(9)}");
            var text = new StringBuilder($"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
                .AppendJoin("", requirements.Select(x => $"Requires-Dist: {x}\n")).ToString();
            var file = random.Next(4) switch
            {
                0 => ".egg-info",
                1 => ".egg-info/PKG-INFO",
                _ => ".dist-info/METADATA",
            };
            files[$"dist_{i}-{version}{file}"] = text;
            // A second version, as pip leaves it behind at times.
            if (random.Next(10) > 0) continue;
            files[$"dist_{i}-0.1.dist-info/METADATA"] = $"Name: {name}\nVersion: 0.1\nRequires-Dist: {Requirement()}\n";
        }

        files["brokenish-1.dist-info/METADATA"] = "Name: brokenish\nVersion: 1\nRequires-Dist: dist-1 >> 5\n" +
            "Requires-Dist: dist-2\n";
        return files;
    }

    [AttributeUsage(AttributeTargets.Method)]
    sealed class WheelsFactAttribute : FactAttribute
    {
        public WheelsFactAttribute() =>
            Skip = Packaging().Length > 0 ? null : $"{Wheels} names no directory of wheels with packaging among them";
    }

    /// <summary>An older one compares extras as they are spelt (PEP 685).</summary>
    [AttributeUsage(AttributeTargets.Method)]
    sealed class PackagingTheoryAttribute : TheoryAttribute
    {
        public PackagingTheoryAttribute() => Skip = Packaging().Length > 0
            || new Command("python3", "-c", "import packaging; assert int(packaging.__version__.split('.')[0]) >= 22")
                .RunAsync().GetAwaiter().GetResult().Succeeded
            ? null : "Needs packaging 22 or newer: apt-get install python3-packaging";
    }
}
