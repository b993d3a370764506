using System.Text.Json.Nodes;
using OpenStack.Tests.Indexes;
using OpenStack.Tests.Network;
using OpenStack.Tests.Updates;

namespace OpenStack.Tests.EndToEnd;

/// <summary>Each thing that a build uses is told for itself, and what cures it.</summary>
public sealed class DoctorTests : IDisposable
{
    readonly RepositoryCopy _repository = new();
    readonly UpstreamReleases _upstream = new();
    readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _upstream.Dispose();
        _repository.Dispose();
    }

    [Fact]
    public async Task WhatIsWrongIsSaidWithWhatCuresIt()
    {
        var wheels = _repository.Root / "wheels";
        Directory.CreateDirectory(wheels);
        File.WriteAllText(wheels / "pbr-7.0.1-py3-none-any.whl", "");
        _upstream["keystone"].Commit("Keystone", ("a", "b"));
        using var index = new TestIndex([wheels], _authority, ("me", "s3cret"));
        using var archive = new FakeServer { Answer = x => new FakeAnswer(x.Path.Contains("noble") ? 200 : 404, "") };
        File.WriteAllText(_repository.Root / "mirror.list",
            $"deb {archive.Url.AbsoluteUri} noble main\ndeb {archive.Url.AbsoluteUri} jammy main\n");
        File.WriteAllText(_repository.Root / "ca.pem", _authority.Pem);
        var command = "Doctor --service keystone --release 2025.1 --docker /nonexistent/docker --cosign /nonexistent "
            + $"--git-mirror {_upstream.Directory} --base-image ./none --uv-image ./none --apt-sources mirror.list "
            + $"--push-to 127.0.0.1:1/c5c3 --default-index own={index.Url} --no-logo";
        (await _repository.RunAsync(command)).ShouldFail("Inspection of Example Inc", "--ca-bundle");
        (await _repository.RunAsync($"{command} --ca-bundle ca.pem", ("UV_INDEX_OWN_USERNAME", "me"),
            ("UV_INDEX_OWN_PASSWORD", "s3cret"))).ShouldFail("Found: ");
        var found = JsonNode.Parse(File.ReadAllText(_repository.Root / "artifacts/doctor.json"))!.AsArray()
            .ToDictionary(x => $"{x!["subject"]}", x => x!);
        Assert.Equal(new Dictionary<string, string>
        {
            ["engine"] = "Bad",
            ["builder"] = "Bad",
            ["disk: artifacts"] = $"{found["disk: artifacts"]["state"]}",
            ["disk: engine"] = "Bad",
            ["certificates"] = "Good",
            ["proxies"] = "Good",
            ["git: https://opendev.org/openstack/keystone"] = "Good",
            [$"index: own ({index.Url})"] = "Good",
            [$"apt: {archive.Url.AbsoluteUri.TrimEnd('/')} noble"] = "Good",
            [$"apt: {archive.Url.AbsoluteUri.TrimEnd('/')} jammy"] = "Bad",
            ["registry: python-base starts from"] = "Bad",
            ["registry: venv-builder starts from"] = "Bad",
            ["clock"] = "Good",
            ["registry: push to 127.0.0.1:1/c5c3"] = "Warning",
            ["cosign"] = "Warning",
        }, found.ToDictionary(x => x.Key, x => $"{x.Value["state"]}"));
        Assert.Contains("--base-image", $"{found["registry: python-base starts from"]["remedy"]}",
            StringComparison.Ordinal);
    }
}
