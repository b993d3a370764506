using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Tests.Oci;

namespace OpenStack.Tests.EndToEnd;

/// <summary>The targets Push, Load and Export, on images that were made by hand.</summary>
[Trait("Group", "Lab")]
public sealed class PublicationTests : IDisposable
{
    const string Selection = "--service keystone --release 2025.1 --skip --no-logo";

    readonly RepositoryCopy _repository = new RepositoryCopy().WithLab();
    readonly TestRegistry _registry = new();
    readonly IReadOnlyList<PublishedImage> _images;

    public PublicationTests()
    {
        var artifacts = _repository.Root / "artifacts";
        _images =
        [
            TestImage.Make(artifacts / "base" / "python-base", "c5c3/python-base", [(1, 3_000_000), (2, 100)],
                [new("abc", false), new("latest", true)]),
            TestImage.Make(artifacts / "2025.1" / "keystone", "c5c3/keystone",
                [(1, 3_000_000), (3, 2_000_000), (4, 300)], [new("2025.1-abc", false), new("2025.1", true)]),
        ];
        foreach (var image in _images)
        {
            File.WriteAllText(image.RecordFile.Parent! / "tags.json",
                $$"""{"repository":"ghcr.io/{{image.Repository}}","tags":[{{string.Join(',', image.Tags.Select(x => $$"""{"name":"{{x.Name}}","mutable":{{(x.Mutable ? "true" : "false")}},"meaning":"x"}"""))}}]}""");
        }
    }

    public void Dispose()
    {
        _repository.Dispose();
        _registry.Dispose();
    }

    [Fact]
    public async Task AnImageIsPublishedWhereTheParameterSays()
    {
        using var client = _registry.Open();
        var dry = (await _repository.RunAsync($"{Push(_registry.Address.ToString())} --dry-run",
            ("GITHUB_EVENT_NAME", "pull_request"))).ShouldSucceed();
        Assert.Contains("mount from c5c3/python-base", dry.Output, StringComparison.Ordinal);
        (await _repository.RunAsync(Push(_registry.Address.ToString()), ("GITHUB_EVENT_NAME", "pull_request")))
            .ShouldFail("A pull request publishes nothing");
        (await _repository.RunAsync(Push(_registry.Address.ToString()), ("GITHUB_EVENT_NAME", "pull_request_target")))
            .ShouldFail("A pull request publishes nothing");
        Assert.Empty(await client.TagsAsync("c5c3/keystone"));

        (await _repository.RunAsync(Push(_registry.Address.ToString()))).ShouldSucceed();
        await TestImage.VerifyAsync(client, _images, complete: true);
        var again = (await _repository.RunAsync(Push(_registry.Address.ToString()))).ShouldSucceed();
        Assert.Contains("nothing, unchanged", again.Output, StringComparison.Ordinal);

        // A file that names the address, as a registry has it that chooses its port.
        _repository.Write("registry.json", $$"""{"address":"{{_registry.Address}}"}""");
        (await _repository.RunAsync($"Push {Selection} --push-to ./registry.json --registry ghcr.io/elsewhere"))
            .ShouldSucceed();
        Assert.Equal(["2025.1", "2025.1-abc"], (await client.TagsAsync("elsewhere/keystone"))
            .Where(x => !x.StartsWith("sha256-", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task WhatIsMissingNamesItsTarget()
    {
        (await _repository.RunAsync($"Push {Selection} --push-to ./registry.json"))
            .ShouldFail("registry.json, which is not there");
        _repository.Write("registry.json", "{}");
        (await _repository.RunAsync($"Push {Selection} --push-to ./registry.json"))
            .ShouldFail("registry.json: holds no address of a registry");
        (await _repository.RunAsync($"Push {Selection} --push-to registry"))
            .ShouldFail("'registry' does not begin with a registry");
        (await _repository.RunAsync(Push(TestRegistry.FreeAddress()
            .ToString()))).ShouldFail("cannot be reached: Connection refused. See whether it runs");
        Directory.Delete(_images[1].RecordFile.Parent! / "signatures", recursive: true);
        (await _repository.RunAsync(Push(_registry.Address.ToString())))
            .ShouldFail("bundles.json is not there. Run the target Sign first");
    }

    [Fact]
    public async Task KilledAtAnyMomentAndRunAgainItIsComplete()
    {
        using var client = _registry.Open();
        // Slow enough to be killed at any request.
        using var proxy = new FaultProxy(_registry.Address) { Delay = TimeSpan.FromMilliseconds(15) };
        var random = new Random(1);
        var kills = int.TryParse(Environment.GetEnvironmentVariable("KILLS"), out var number) ? number : 10;
        for (var i = 0; i < kills; i++)
        {
            // Each time another place, so that all is to be done.
            var command = $"Push {Selection} --push-to {proxy.Address}/run{i}";
            await _repository.KillAsync(command, TimeSpan.FromMilliseconds(random.Next(300, 2500)));
            var images = _images
                .Select(x => x with { Repository = x.Repository.Replace("c5c3", $"run{i}", StringComparison.Ordinal) })
                .ToList();
            await TestImage.VerifyAsync(client, images, complete: false);
            (await _repository.RunAsync(command)).ShouldSucceed();
            await TestImage.VerifyAsync(client, images, complete: true);
        }
    }

    [Fact]
    public async Task AnArchiveHasTheSameBytesEachTimeAndTheEngineTakesIt()
    {
        var file = _repository.Root / "artifacts" / "2025.1" / "keystone" / "keystone-2025.1.oci.tar";
        (await _repository.RunAsync($"Export {Selection}")).ShouldSucceed();
        var first = await File.ReadAllBytesAsync(file);
        foreach (var blob in Directory.EnumerateFiles(_images[1].Layout.Directory / "blobs" / "sha256"))
            File.SetLastWriteTimeUtc(blob, DateTime.UtcNow.AddDays(-1));
        (await _repository.RunAsync($"Export {Selection} --export-to out/image.tar")).ShouldSucceed();
        Assert.Equal(first, await File.ReadAllBytesAsync(_repository.Root / "out" / "image.tar"));
        Assert.Single(Directory.EnumerateFileSystemEntries(_repository.Root / "out"));
        (await _repository.RunAsync($"Export --service keystone nova --release 2025.1 --skip --no-logo --export-to x"))
            .ShouldFail("--export-to names one file, and 2 images are selected: keystone 2025.1, nova 2025.1");

        // Layers of random bytes are none that an engine unpacks; it needs one that is an image.
        AbsolutePath image = RepositoryRoot.Path / ".nuke" / "temp" / "lab" / "base-image"
            / PlatformName.ForFiles(PlatformName.Native);
        Directory.Delete(_images[1].Layout.Directory, recursive: true);
        await new Command("cp", "-r", image, _images[1].Layout.Directory).RequireAsync();
        var load = $"Load {Selection} --profile lab";
        (await _repository.RunAsync(load)).ShouldSucceed();
        string[] names = ["ghcr.io/c5c3/keystone:2025.1-abc", "ghcr.io/c5c3/keystone:2025.1"];
        AbsolutePath docker = RepositoryRoot.Path / ".nuke" / "temp" / "lab" / "bin" / "docker";
        foreach (var name in names)
            Assert.Contains("13", (await new Command(docker, "run", "--rm", "--network", "none", name, "cat",
                "/etc/debian_version").RequireAsync()).Text, StringComparison.Ordinal);
        Assert.Contains("there already", (await _repository.RunAsync(load)).Output, StringComparison.Ordinal);
        foreach (var name in names) await new Engine(docker).RemoveAsync(name);
    }

    static string Push(string address) => $"Push {Selection} --push-to {address}/c5c3";
}
