using System.Text.Json;
using System.Xml.Linq;
using Nuke.Common.IO;
using OpenStack.Lab;
using OpenStack.Oci;
using OpenStack.Tests.Sbom;
using OpenStack.Tests.Signing.Verification;

namespace OpenStack.Tests.EndToEnd;

/// <summary>
/// Images of what is no Python distribution go the whole way, from their patches to what is published and verified.
/// </summary>
[Trait("Group", "Long")]
public sealed class NativeImageTests : IDisposable
{
    readonly RepositoryCopy _repository = new RepositoryCopy().WithLab();
    readonly AbsolutePath _upstream = Directory.CreateTempSubdirectory("upstream-").FullName;

    public void Dispose()
    {
        _repository.Dispose();
        Directory.Delete(_upstream, recursive: true);
    }

    /// <summary>
    /// Open vSwitch, OVN, and the Open vSwitch that OVN is built with have a patch each; some of the test suites run
    /// where the images were built.
    /// </summary>
    [Fact]
    public async Task SwitchesArePatchedTestedPublishedAndVerified()
    {
        const string databases = "Open vSwitch database management utility";
        const string north = "OVN northbound DB management utility";
        Patch("openvswitch", "openvswitch@branch-3.5", "ovsdb/ovsdb-tool.c", databases, $"{databases} of openvswitch");
        Patch("ovs", "openvswitch@branch-4.0", "ovsdb/ovsdb-tool.c", databases, $"{databases} of ovs");
        Patch("ovn", "ovn@branch-26.03", "utilities/ovn-nbctl.c", north, $"{north}, patched");
        _repository.Commit();

        (await _repository.RunAsync("TestImage TestSource Push Verify --service openvswitch ovn --release 2025.1 "
            + $"--filter ^(aes128\\.at|ovn-nbctl\\.at:.*lsp.get.ls) --profile lab --no-logo "
            + $"--registry {SignedImages.Registry}/n{Guid.NewGuid():N}")).ShouldSucceed();

        Assert.Contains($"{databases} of openvswitch", await HelpAsync("openvswitch", "ovsdb-tool"),
            StringComparison.Ordinal);
        Assert.Contains($"{databases} of ovs", await HelpAsync("ovn", "ovsdb-tool"), StringComparison.Ordinal);
        Assert.Contains($"{north}, patched", await HelpAsync("ovn", "ovn-nbctl"), StringComparison.Ordinal);
        foreach (var (service, suite) in (ReadOnlySpan<(string, string)>)[("openvswitch", "aes128.at"),
            ("ovn", "ovn-nbctl.at")])
        {
            var tests = XDocument.Load(_repository.Root / "artifacts/2025.1" / service / "platforms"
                / PlatformName.ForFiles(PlatformName.Native) / "tests" / service / "junit.xml");
            Assert.Contains(tests.Descendants("testcase"), x => x.Attribute("classname")!.Value == suite);
            Assert.Empty(tests.Descendants("failure"));
        }
    }

    /// <summary>A program of Go is static, the same again, and says of which modules it is.</summary>
    [Fact]
    public async Task AProgramOfGoIsBuiltWithoutANetworkAndSaysWhatIsInIt()
    {
        Write("go.mod", "module example.org/gadget\n\ngo 1.21\n\nrequire example.org/part v1.0.0\n\n"
            + "replace example.org/part => ./part\n");
        Write("main.go", "package main\n\nimport \"example.org/part\"\n\nfunc main() { println(part.Word()) }\n");
        Write("part/go.mod", "module example.org/part\n\ngo 1.21\n");
        Write("part/part.go", "package part\n\nfunc Word() string { return \"held\" }\n");
        RepositoryCopy.Git(_upstream, "init", "--quiet", "--initial-branch", "main");
        RepositoryCopy.Git(_upstream, "add", "--all");
        RepositoryCopy.Git(_upstream, "commit", "--quiet", "-m", "As it is");
        _repository.Edit("releases/2025.1/source-refs.yaml", "\nkeystone:",
            "\ngadget: { ref: v1.0.0, url: https://example.org/gadget }\nkeystone:");
        _repository.Write("images/gadget/image.yaml", "kind: native\n");
        _repository.Write("images/gadget/contract.yaml",
            "programs: [gadget]\ncommands:\n  - run: [gadget]\n");
        _repository.Write("images/gadget/Dockerfile", """
            FROM builder AS installed
            RUN --mount=type=bind,from=source,target=/source/gadget fetch-go-modules /source/gadget
            RUN --network=none --mount=type=bind,from=source,target=/source/gadget \
                --mount=type=cache,target=/var/cache/go-build build-go /source/gadget . gadget
            FROM component
            COPY --from=installed --link /installed/gadget/ /
            CMD ["gadget"]

            """);
        _repository.Edit("images/bindep.txt", "[cortex-build]", "[cortex-build gadget-build]");

        (await _repository.RunAsync($"TestImage Sbom --service gadget --release 2025.1 --source gadget={_upstream} "
            + "--profile lab --no-logo")).ShouldSucceed();

        var bom = JsonDocument.Parse(File.ReadAllText(_repository.Root / "artifacts/2025.1/gadget/sbom"
            / $"{PlatformName.ForFiles(PlatformName.Native)}.cdx.json")).RootElement;
        Assert.Equal("pkg:golang/example.org/part", BomOf.Text(BomOf.Component(bom, "example.org/part"), "purl"));
        Assert.StartsWith("pkg:golang/stdlib@1.", BomOf.Text(BomOf.Component(bom, "stdlib"), "purl"),
            StringComparison.Ordinal);
    }

    /// <summary>What a program prints of itself in the image.</summary>
    Task<string> HelpAsync(string service, string program) => _repository.AskAsync(service,
        $"import subprocess; print(subprocess.run(['{program}', '--help'], capture_output=True, text=True).stdout)");

    /// <summary>A patch of one file of what a branch has in the laboratory.</summary>
    void Patch(string component, string place, string file, string old, string text)
    {
        var tree = _upstream / component;
        var (repository, branch) = (place.Split('@')[0], place.Split('@')[1]);
        RepositoryCopy.Git(_upstream, "clone", "--quiet", "--branch", branch,
            new LabLayout(RepositoryRoot.Path / ".nuke" / "temp" / "lab").Repository(repository), tree);
        var content = File.ReadAllText(tree / file);
        Assert.Contains(old, content, StringComparison.Ordinal);
        File.WriteAllText(tree / file, content.Replace(old, text, StringComparison.Ordinal));
        RepositoryCopy.Git(tree, "commit", "--quiet", "--all", "-m", $"Say what it is of {component}");
        _repository.Write($"patches/{component}/2025.1/0001-say.patch",
            RepositoryCopy.Git(tree, "format-patch", "-1", "--stdout").Text + "\n");
    }

    void Write(string path, string text)
    {
        Directory.CreateDirectory((_upstream / path).Parent!);
        File.WriteAllText(_upstream / path, text);
    }
}
