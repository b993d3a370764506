using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Signing;
using OpenStack.Tests.Signing;

namespace OpenStack.Tests.EndToEnd;

/// <summary>An image that one clone has published is built again by another, from what the registry has.</summary>
[Trait("Group", "Long")]
public sealed class ReproduceTests : IDisposable
{
    const string Lab = "--profile lab --no-logo";

    readonly RepositoryCopy _publisher = RepositoryCopy.Clone();
    readonly RepositoryCopy _stranger = RepositoryCopy.Clone();
    readonly string _namespace = $"{LabRegistry}/r{Guid.NewGuid():N}";

    static string LabRegistry =>
        JsonNode.Parse(File.ReadAllText(TestKeys.Lab.RegistryFile))!["address"]!.GetValue<string>();

    public void Dispose()
    {
        _publisher.Dispose();
        _stranger.Dispose();
    }

    string Keystone => $"--service keystone --release 2025.1 --registry {_namespace} {Lab}";

    [Fact]
    public async Task AStrangerGetsTheSameImage()
    {
        (await _publisher.RunAsync($"Lock {Keystone}")).ShouldSucceed();
        (await _publisher.RunAsync($"Prefetch {Keystone}")).ShouldSucceed();
        // A laboratory is on one machine, and what is published of it is not said to be more than that.
        (await _publisher.RunAsync($"Sign --hermetic --reproducible {Keystone}")).ShouldFail(
            "keystone 2025.1: it is built from a repository that nobody else can fetch",
            "keystone 2025.1: its distribution is files of this machine",
            "keystone.linux-amd64.lock: it has files of a directory of this machine",
            "python-base: it is built from files, refs or trees that commit");
        (await _publisher.RunAsync($"Push --hermetic {Keystone}")).ShouldSucceed();
        var image = Published("2025.1/keystone");

        // Another path, time zone, locale, owner and mask, and as little as one processor.
        var run = await _stranger.RunMaskedAsync("027", $"Reproduce --image {image} --attest {Lab}",
            ("TZ", "Asia/Kathmandu"), ("LANG", "tr_TR.UTF-8"), ("USER", "somebody"), ("DOTNET_PROCESSOR_COUNT", "1"));
        Assert.Contains($"{image}", run.ShouldSucceed().Output, StringComparison.Ordinal);
        Assert.Contains("Reproduced: 1 of 1", run.Output, StringComparison.Ordinal);
        var bundle = SigstoreBundle.Read(await File.ReadAllBytesAsync(
            (_stranger.Root / "artifacts/reproductions").GlobFiles("keystone-*.sigstore.json").Single()));
        Assert.Equal([image[(image.IndexOf('@') + 1)..]], bundle.Statement.Subjects);
        await WhatDiffersIsNamed();
    }

    /// <summary>What is published is of other files than those of its commit.</summary>
    async Task WhatDiffersIsNamed()
    {
        _publisher.Edit("images/python-base/Dockerfile", "FROM ", "# Nobody has committed this.\nFROM ");
        await File.AppendAllTextAsync(_publisher.Root / "images/python-base/Dockerfile",
            "\nRUN install -m 0640 /dev/null /etc/only-here\n");
        const string pythonBase = "--service python-base --hermetic";
        (await _publisher.RunAsync($"BuildBase {pythonBase} --registry {_namespace} {Lab}")).ShouldSucceed();
        (await _publisher.RunAsync($"Tags Sbom Sign Push {pythonBase} --registry {_namespace} {Lab} --skip"))
            .ShouldSucceed();
        (await _stranger.RunAsync($"Reproduce --image {Published("base/python-base")} {Lab}")).ShouldFail(
            "etc/only-here: it is in the first alone", "it was built from another image.files (");
    }

    string Published(string artifact)
    {
        var layout = OciLayout.Open(_publisher.Root / "artifacts" / artifact / "image");
        return $"{_namespace}/{artifact.Split('/')[^1]}@{layout.Digest}";
    }
}
