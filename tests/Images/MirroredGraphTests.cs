using System.Text.Json.Nodes;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Images;

/// <summary>
/// What buildx is asked for where registries have mirrors; a script in its place writes down how it was called.
/// </summary>
public sealed class MirroredGraphTests : IDisposable
{
    const string Platform = "linux/amd64";

    static readonly string s_digest = $"sha256:{new string('a', 64)}";

    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task AMirrorIsAskedAndNothingElseKnows()
    {
        var mirrored = await LookUpAsync(Buildx(), "mirrored");
        Assert.Contains("buildx imagetools inspect mirror.example.org/hub/library/ubuntu:noble --format", Calls(),
            StringComparison.Ordinal);
        var plain = await LookUpAsync(Buildx(mirrors: RegistryMirrorMap.None), "plain");
        Assert.Contains("buildx imagetools inspect docker.io/library/ubuntu:noble --format", Calls(),
            StringComparison.Ordinal);
        Assert.Equal("docker.io/library/ubuntu:noble", mirrored.Name);
        Assert.Equal((plain.Name, plain.Digest, plain.Context), (mirrored.Name, mirrored.Digest, mirrored.Context));
        Assert.Equal(File.ReadAllText(_directory / "plain"), File.ReadAllText(_directory / "mirrored"));
    }

    [Fact]
    public async Task BuildKitTakesFromTheMirrorAndLabelsNameTheRegistry()
    {
        await BakeAsync(Buildx());
        var target = JsonNode.Parse(File.ReadAllText(_directory / "bake.json"))!["target"]!["one"]!;
        var contexts = target["contexts"]!.AsObject().ToDictionary(x => x.Key, x => (string)x.Value!);
        Assert.Equal(new Dictionary<string, string>
        {
            ["ubuntu:noble"] = $"docker-image://mirror.example.org/hub/library/ubuntu@{s_digest}",
            ["quay.io/tools/go:1.22"] = "docker-image://mirror.example.org/quay/tools/go:1.22",
            ["scripts"] = _directory.Path,
        }, contexts);
        Assert.Equal("docker.io/library/ubuntu:noble", (string)target["labels"]![ImageLabels.Prefix + "base.name"]!);
        Assert.DoesNotContain("mirror", $"{target["labels"]}{target["annotations"]}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsClosedIsLeftAsItIs()
    {
        await BakeAsync(Buildx(isClosed: true));
        Assert.DoesNotContain("mirror.example.org", File.ReadAllText(_directory / "bake.json"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMirrorThatLacksItIsNamed()
    {
        const string told = "mirror.example.org/hub/library/ubuntu:noble (in place of docker.io/library/ubuntu:noble, "
            + "by --registry-mirrors)";
        var look = await Assert.ThrowsAsync<ProblemException>(() =>
            LookUpAsync(Buildx("'buildx imagetools'*) echo 'not found' >&2; exit 1;;"), "pins"));
        Assert.Equal($"The image {told} cannot be looked up: not found. See that the mirror has it, or correct "
            + "--registry-mirrors", look.Message);
        Assert.False(File.Exists(_directory / "pins"));
        var place = $"mirror.example.org/hub/library/ubuntu@{s_digest}";
        var bake = await Assert.ThrowsAsync<ProblemException>(() => BakeAsync(Buildx(
            $"'buildx bake'*) printf '#1 load {place}\\n#1 ERROR: {place}: not found\\n'; exit 1;;")));
        Assert.StartsWith($"BuildKit cannot have {place} (in place of docker.io/library/ubuntu@{s_digest}, by "
            + "--registry-mirrors): ", bake.Message, StringComparison.Ordinal);
        var other = await Assert.ThrowsAsync<ProblemException>(() => BakeAsync(Buildx(
            "'buildx bake'*) printf '#1 [one 2/2] RUN false\\n#1 ERROR: exit code: 1\\n'; exit 1;;")));
        Assert.StartsWith("BuildKit failed in [one 2/2] RUN false", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABuilderOfItsOwnIsMadeOfWhatTheMirrorHas()
    {
        await BakeAsync(Buildx(
            "'buildx inspect openstack-images'*) exit 1;;\n'buildx inspect'*) echo 'Driver: docker';;"));
        Assert.Contains(" --driver-opt image=mirror.example.org/hub/moby/buildkit:buildx-stable-1", Calls(),
            StringComparison.Ordinal);
    }

    Task<ImageReference> LookUpAsync(Buildx buildx, string pins) =>
        ImageReference.OfRegistryAsync("ubuntu:noble", Platform, buildx, _directory / pins, again: false);

    async Task BakeAsync(Buildx buildx)
    {
        File.WriteAllText(_directory / "Dockerfile", """
            ARG PLACE
            FROM ubuntu:noble AS one
            FROM $PLACE/x:1
            COPY --from=quay.io/tools/go:1.22 /go /
            COPY --from=other.example/x:1 /x /
            COPY --from=scripts /x /
            """ + "\n");
        var image = await LookUpAsync(Buildx(mirrors: RegistryMirrorMap.None), "pins");
        await buildx.BakeAsync(new Dictionary<string, BakeTarget>
        {
            ["one"] = new()
            {
                Context = _directory.Path,
                Contexts = new Dictionary<string, string>
                {
                    ["ubuntu:noble"] = image.Context,
                    ["scripts"] = _directory.Path,
                },
                Args = new Dictionary<string, string>(),
                Labels = ImageLabels.Of("one", image.Created, image.Name, image.Digest),
            },
        }, _directory / "bake.json", _directory / "build.log", noCache: false);
    }

    /// <param name="answers">Cases of the script that come before the usual ones.</param>
    Buildx Buildx(string answers = "", RegistryMirrorMap? mirrors = null, bool isClosed = false)
    {
        var script = _directory / $"docker-{Guid.NewGuid():N}";
        var inspection = "{\"manifest\":{\"digest\":\"" + s_digest + "\"},\"image\":{\"created\":"
            + "\"2026-01-02T03:04:05Z\",\"rootfs\":{\"diff_ids\":[]}}}";
        File.WriteAllText(script, $"""
            #!/bin/sh
            echo "$*" >> '{_directory / "calls"}'
            case "$*" in
            {answers}
            'buildx imagetools'*) echo '{inspection}';;
            'buildx inspect'*) echo 'Driver: docker-container';;
            esac
            """ + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(script, (UnixFileMode)0b111_101_101);
        return new Buildx(script, new Watch())
        {
            IsClosed = isClosed,
            Mirrors = mirrors ?? RegistryMirrorMap.Parse(["docker.io=mirror.example.org/hub",
                "quay.io=mirror.example.org/quay"]),
        };
    }

    string Calls() => File.ReadAllText(_directory / "calls");
}
