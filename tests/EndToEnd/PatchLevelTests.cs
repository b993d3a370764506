using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Processes;

namespace OpenStack.Tests.EndToEnd;

/// <summary>The three levels of patching, all at once, down to what runs in the images.</summary>
[Trait("Group", "Lab")]
public sealed class PatchLevelTests : IDisposable
{
    const string Ask = """
        import importlib.metadata, json, os, keystone
        def version(name):
            try: return importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError: return None
        data = os.path.join(os.path.dirname(keystone.__file__), "data", "end-to-end.txt")
        import oslo_messaging.version
        print(json.dumps({
            "data": open(data).read().strip(),
            "library": version("oslo.messaging"),
            "code": getattr(oslo_messaging.version, "PATCHED", None),
            "override": version("pycadf"),
            "service": version("keystone"),
        }))
        """;

    readonly RepositoryCopy _repository = new();

    readonly AbsolutePath _lab = RepositoryRoot.Path / ".nuke" / "temp" / "lab";

    public PatchLevelTests() => _repository.WithLab();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task AServicePatchALibraryPatchAndAnOverrideReachTheImagesThatNeedThem()
    {
        var library = VersionInWheelhouse("oslo_messaging");
        var pin = VersionInWheelhouse("pycadf");
        _repository.Write("patches/keystone/2025.1/0001-data.patch",
            "--- /dev/null\n+++ b/keystone/data/end-to-end.txt\n@@ -0,0 +1 @@\n+patched\n");
        _repository.Edit("releases/2025.1/source-refs.yaml", "keystone:", $"oslo.messaging: \"{library}\"\nkeystone:");
        _repository.Write("patches/oslo.messaging/2025.1/0001-say-so.patch", LibraryPatch(library));
        File.AppendAllText(_repository.Root / "overrides/2025.1/constraints.txt",
            $"# The next one.\npycadf==={pin}.post1\n");

        var run = await _repository.RunAsync("BuildService --service keystone placement --release 2025.1 --profile lab "
            + $"--no-logo --wheelhouse {WheelhouseWithNext("pycadf", pin)}");

        run.ShouldSucceed();
        Assert.Contains($"oslo.messaging 2025.1: oslo.messaging {library}+p1", run.Output, StringComparison.Ordinal);
        Assert.Contains($"replaced pycadf {pin} → {pin}.post1 (The next one.)", run.Output, StringComparison.Ordinal);
        var keystone = JsonNode.Parse(await _repository.AskAsync("keystone", Ask))!;
        Assert.Equal("patched", (string?)keystone["data"]);
        Assert.Equal($"{library}+p1", (string?)keystone["library"]);
        Assert.True((bool?)keystone["code"]);
        Assert.Equal($"{pin}.post1", (string?)keystone["override"]);
        // A patched service is still that version: it is the tag of its image that says how often it was patched.
        Assert.DoesNotContain('+', (string)keystone["service"]!);
        // Placement asks for no message queue, and so gets none.
        Assert.DoesNotContain("oslo.messaging",
            await _repository.AskAsync("placement",
                "import importlib.metadata as m; print(*[x.name for x in m.distributions()])"),
            StringComparison.Ordinal);

        (await _repository.RunAsync("BuildLibraries --service keystone --release 2025.1 "
            + "--profile lab --no-logo --skip")).ShouldSucceed();
    }

    /// <summary>What a person would commit upstream, as <c>git format-patch</c> writes it.</summary>
    string LibraryPatch(string version)
    {
        var clone = _repository.Root / "clone";
        RepositoryCopy.Git(_repository.Root, "clone", "-q", "--branch", version,
            _lab / "git/openstack/oslo.messaging.git", clone);
        File.AppendAllText(clone / "oslo_messaging" / "version.py", "\nPATCHED = True\n");
        RepositoryCopy.Git(clone, "commit", "-qam", "Say that it is patched");
        var patch = RepositoryCopy.Git(clone, "format-patch", "-1", "--stdout").Output;
        Directory.Delete(clone, recursive: true);
        return patch;
    }

    AbsolutePath Wheelhouse => _lab / "wheelhouse" / PlatformName.ForFiles(PlatformName.Native);

    string VersionInWheelhouse(string distribution) =>
        Path.GetFileName(Directory.GetFiles(Wheelhouse / "keystone", $"{distribution}-*.whl").Single()).Split('-')[1];

    /// <summary>The laboratory's wheels and a newer one, which is the same but for its version.</summary>
    AbsolutePath WheelhouseWithNext(string distribution, string version)
    {
        var wheelhouse = _repository.Root / "wheelhouse";
        Directory.CreateDirectory(wheelhouse);
        foreach (var part in new[] { "keystone", "placement", "libraries" })
            new Command("cp", "-alf", $"{Wheelhouse / part}/.", wheelhouse).RequireAsync().GetAwaiter().GetResult();
        using var from = ZipFile.OpenRead(wheelhouse / $"{distribution}-{version}-py3-none-any.whl");
        using var to = ZipFile.Open(wheelhouse / $"{distribution}-{version}.post1-py3-none-any.whl",
            ZipArchiveMode.Create);
        foreach (var entry in from.Entries)
        {
            using var reader = new StreamReader(entry.Open(), Encoding.Latin1);
            var text = reader.ReadToEnd();
            if (entry.Name == "METADATA")
                text = text.Replace($"Version: {version}\n", $"Version: {version}.post1\n", StringComparison.Ordinal);
            // Checksums are not compared; the entry of the changed file goes.
            if (entry.Name == "RECORD")
                text = string.Join('\n', text.Split('\n')
                    .Select(x => x.Contains("METADATA,", StringComparison.Ordinal) ? x.Split(',')[0] + ",," : x));
            using var writer = new StreamWriter(to.CreateEntry(entry.FullName.Replace($"-{version}.dist-info",
                $"-{version}.post1.dist-info", StringComparison.Ordinal)).Open(), Encoding.Latin1);
            writer.Write(text.Replace($"-{version}.dist-info", $"-{version}.post1.dist-info",
                StringComparison.Ordinal));
        }

        return wheelhouse;
    }
}
