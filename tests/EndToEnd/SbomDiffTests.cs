using OpenStack.Tests.Sbom;
using OpenStack.Tests.Updates;

namespace OpenStack.Tests.EndToEnd;

/// <summary>The target SbomDiff, on an image that was made by hand.</summary>
public sealed class SbomDiffTests : IDisposable
{
    readonly RepositoryCopy _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task WhatWasNeverPublishedIsNotComparedAndNoMistake()
    {
        using var server = new FakeServer();
        using var image = new SmallImage().Layer(("var/lib/dpkg/status", SmallService.Status));
        image.Write();
        Directory.CreateDirectory(_repository.Service);
        Directory.Move(image.Directory / "image", _repository.Service / "image");
        var command = $"SbomDiff --service keystone --release 2025.1 --registry {server.Url.Authority}/o --no-logo";
        var run = (await _repository.RunAsync(command)).ShouldSucceed();
        Assert.Contains("keystone 2025.1 is not compared with what is published: There is no image "
            + $"{server.Url.Authority}/o/keystone:2025.1", run.Output.ReplaceLineEndings(" "),
            StringComparison.Ordinal);

        // Nobody has to let strangers see what is published.
        server.Answer = _ => new FakeAnswer(401, "{}", ("WWW-Authenticate", "Basic realm=\"x\""));
        Assert.Contains("wants credentials", (await _repository.RunAsync(command)).ShouldSucceed().Output,
            StringComparison.Ordinal);

        // What is named must be there.
        (await _repository.RunAsync($"SbomDiff --from {server.Url.Authority}/o/keystone:2025.1 --to "
            + "artifacts/2025.1/keystone/image --no-logo")).ShouldFail("wants credentials");
        (await _repository.RunAsync("SbomDiff --service keystone --release 2025.1 --to "
            + "artifacts/2025.1/keystone/image --no-logo")).ShouldFail("--from is missing");
        (await _repository.RunAsync("SbomDiff --no-logo")).ShouldFail("--from is missing", "--to is missing");
        (await _repository.RunAsync("SbomDiff --service keyston --release 2025.1 --no-logo"))
            .ShouldFail("Did you mean 'keystone'?");
        (await _repository.RunAsync("SbomDiff --service nova --release 2025.1 --no-logo"))
            .ShouldFail("Run the target BuildService first");
    }
}
