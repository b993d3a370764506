using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Tests.Oci;

/// <summary>Which images are asked for elsewhere, and what is no such map.</summary>
public sealed class RegistryMirrorMapTests
{
    const string Digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

    static readonly RegistryMirrorMap s_map = RegistryMirrorMap.Parse(["docker.io=mirror.example.org/hub",
        "docker.io/library=mirror.example.org/official", "docker.io/library/ubuntu=mirror.example.org/ubuntu",
        "ghcr.io=127.0.0.1:5000", "a.example/b=[::1]/c", "c.example=[::1]",
        "mirror.example.org=elsewhere.example.org"]);

    [Theory]
    [InlineData("a/b:1", "mirror.example.org/hub/a/b:1")]
    [InlineData("docker.io/libraryx/y", "mirror.example.org/hub/libraryx/y")]
    [InlineData("debian", "mirror.example.org/official/debian")]
    [InlineData($"debian:trixie@{Digest}", $"mirror.example.org/official/debian:trixie@{Digest}")]
    [InlineData("ubuntu:noble", "mirror.example.org/ubuntu:noble")]
    [InlineData("docker.io/library/ubuntu-debootstrap", "mirror.example.org/official/ubuntu-debootstrap")]
    [InlineData("c.example/x:1", "[::1]/x:1")]
    [InlineData("ghcr.io/astral-sh/uv:0.9", "127.0.0.1:5000/astral-sh/uv:0.9")]
    public void TheLongestPrefixOfWholeComponentsCountsOnce(string name, string place)
    {
        var source = s_map.SourceOf(RegistryReference.ParseFamiliar(name));
        Assert.True(source.IsMirrored);
        Assert.Equal(place, $"{source.Place}");
        Assert.Equal(RegistryReference.ParseFamiliar(name), source.Name);
    }

    [Theory]
    [InlineData("docker.io.example.org/a:1")]
    [InlineData("ghcr.io:443/a/b")]
    [InlineData("quay.io/docker.io/b")]
    public void OthersAreAskedThemselves(string name)
    {
        Assert.False(s_map.SourceOf(RegistryReference.Parse(name)).IsMirrored);
        Assert.False(RegistryMirrorMap.None.SourceOf(RegistryReference.Parse(name)).IsMirrored);
    }

    [Theory]
    [InlineData("docker.io", "Write '=' between")]
    [InlineData("=mirror.example.org", "Write something on both sides of '='")]
    [InlineData("docker.io=", "Write something on both sides of '='")]
    [InlineData("https://docker.io=mirror.example.org/hub", "Leave out 'https://'")]
    [InlineData("docker.io=http://mirror.example.org/hub", "Leave out 'http://'")]
    [InlineData("docker.io=Mirror.example.org/hub", "Write it in lower case")]
    [InlineData("docker.io=mirror.example.org/Hub", "Write it in lower case")]
    [InlineData("docker.io=mirror.example.org/hub:latest", "Leave out ':latest'")]
    [InlineData("docker.io/library/ubuntu:noble=mirror.example.org/ubuntu", "Leave out ':noble'")]
    [InlineData("docker.io:stable=mirror.example.org", "Leave out ':stable'")]
    [InlineData($"docker.io=mirror.example.org/hub@{Digest}", $"Leave out '@{Digest}'")]
    [InlineData($"docker.io=mirror.example.org/hub:1@{Digest}", $"Leave out ':1@{Digest}'")]
    [InlineData("docker.io/=mirror.example.org/hub", "Leave out the slash at the end")]
    [InlineData("library=mirror.example.org/hub", "Begin with a registry, as in docker.io/library")]
    [InlineData("docker.io=mirror.example.org//hub", "'mirror.example.org//hub' is nothing that names of images begin")]
    [InlineData("docker.io=mirror.example.org:99999/hub", "'mirror.example.org:99999/hub' is nothing that names")]
    [InlineData("docker.io=mirror.example.org/hub=x", "'mirror.example.org/hub=x' is nothing that names")]
    public void WhatIsNoMapSaysWhatToDo(string value, string remedy) => Assert.StartsWith(
        $"--registry-mirrors has the value '{value}'; expected registry[/namespace]=registry[/namespace], as in "
        + $"docker.io=mirror.example.org/hub. {remedy}",
        Assert.Throws<ProblemException>(() => RegistryMirrorMap.Parse([value])).Message, StringComparison.Ordinal);

    [Fact]
    public void CredentialsAreNotRepeated()
    {
        var problem = Assert.Throws<ProblemException>(() =>
            RegistryMirrorMap.Parse(["docker.io=https://me:s3:cret@mirror.example.org/hub"]));
        Assert.StartsWith("--registry-mirrors has the value 'docker.io=https://…@mirror.example.org/hub'; expected",
            problem.Message, StringComparison.Ordinal);
        Assert.EndsWith("Leave out 'https://': registries are asked by HTTPS. Leave out the credentials, and run "
            + "docker login mirror.example.org", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AllThatIsWrongIsToldAtOnce() => Assert.Equal(
        ["--registry-mirrors has the value 'ghcr.io'", "--registry-mirrors has the value 'x=y.example'",
            "--registry-mirrors has docker.io 2 times: a.example b.example/c"],
        Assert.Throws<ProblemException>(() => RegistryMirrorMap.Parse(["docker.io=a.example", "ghcr.io",
            "docker.io=b.example/c", "x=y.example", "quay.io=a.example"])).Problems.Select(x => x.Found));

    [Fact]
    public void AnImageMustKeepAName() => Assert.Equal(
        "--registry-mirrors has docker.io/library/ubuntu=m.example, where docker.io/library/ubuntu:noble would have no "
        + "name; expected a place for it, as in docker.io/library/ubuntu=m.example/ubuntu",
        Assert.Throws<ProblemException>(() => RegistryMirrorMap.Parse(["docker.io/library/ubuntu=m.example"])
            .SourceOf(RegistryReference.ParseFamiliar("ubuntu:noble"))).Message);

    [Fact]
    public async Task WhatIsWrongWithAMirrorSaysWhatItStandsInFor()
    {
        var source = s_map.SourceOf(RegistryReference.ParseFamiliar("a/b:1"));
        const string told = "mirror.example.org/hub/a/b:1 (in place of docker.io/a/b:1, by --registry-mirrors)";
        var problem = await Assert.ThrowsAsync<ProblemException>(() => source.AskAsync<string>(_ =>
            throw new ProblemException("nobody answers", "Look at the network") { IsUnknown = true }));
        Assert.Equal($"{told}: nobody answers. Look at the network", problem.Message);
        Assert.True(problem.IsUnknown);
        Assert.StartsWith($"{told} is not there", (await Assert.ThrowsAsync<ProblemException>(() =>
            source.FindAsync(_ => Task.FromResult<string?>(null)))).Message, StringComparison.Ordinal);
        Assert.Equal("mirror.example.org/hub/a/b:1", await source.FindAsync(x => Task.FromResult<string?>($"{x}")));
        Assert.Null(await RegistryMirrorMap.None.SourceOf(source.Name).FindAsync(_ => Task.FromResult<string?>(null)));
    }
}
