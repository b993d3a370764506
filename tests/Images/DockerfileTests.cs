using Nuke.Common.IO;
using OpenStack.Images;

namespace OpenStack.Tests.Images;

public sealed class DockerfileTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void StagesAndOutsideNamesAreTold()
    {
        var file = Write("""
            # FROM nothing
            FROM scratch AS source
            FROM ghcr.io/astral-sh/uv:0.9 AS uv
            FROM venv-builder AS build
            RUN --mount=type=bind,from=source,target=/src \
                --mount=type=bind,from=constraints,source=/c,target=/c true
            FROM --platform=$BUILDPLATFORM python-base
            COPY --from=build --link /a /a
            """);
        Assert.Equal(["source", "uv", "build"], file.Stages);
        Assert.Equal(["ghcr.io/astral-sh/uv:0.9"], file.ExternalImages);
        Assert.Equal(6, file.References["constraints"]);
    }

    [Fact]
    public void ANameWithoutContextIsAProblemAtItsLine()
    {
        var file = Write("FROM pyhton-base\n");
        var problem = Assert.Single(file.CheckContexts(new Dictionary<string, string>
        {
            ["python-base"] = "oci-layout:///x@sha256:0",
        }));
        Assert.Equal(1, problem.Line);
        Assert.Contains("Did you mean 'python-base'?", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AContextThatLacksWhatTheBuildNeedsIsAProblem()
    {
        var file = Write("FROM scratch AS source\nFROM scratch AS constraints\n");
        Directory.CreateDirectory(_directory / "source");
        var problems = file.CheckContexts(
            new Dictionary<string, string>
            {
                ["source"] = _directory / "source",
                ["constraints"] = _directory / "nowhere",
            },
            new Dictionary<string, string[]> { ["source"] = [".git"] });
        Assert.Collection(problems,
            x => Assert.Contains("'source' lacks .git", x.Found, StringComparison.Ordinal),
            x => Assert.Contains("'constraints' is not there", x.Found, StringComparison.Ordinal));
    }

    /// <summary>What a person may have written wrong in the committed Dockerfiles.</summary>
    [Fact]
    public void EveryServiceDockerfileNamesOnlyContextsThatTheBuildPasses()
    {
        foreach (var path in Directory.EnumerateFiles(RepositoryRoot.Path / "images", "Dockerfile",
            SearchOption.AllDirectories))
        {
            var contexts = new Dictionary<string, string>
            {
                ["python-base"] = "target:python-base",
                ["venv-builder"] = "target:venv-builder",
                ["service"] = "target:service",
                // Stages of images/native, which native-test follows after those of an image, and trees.
                ["scripts"] = "target:scripts",
                ["apt-archive"] = "target:apt-archive",
                ["installed"] = "target:installed",
                ["builder"] = "target:builder",
                ["component"] = "target:component",
                ["source"] = "target:source",
                ["ovs"] = "target:ovs",
                ["image"] = "target:image",
                // Stages of host-deb or host-rpm, which that of package-test follows.
                ["host"] = "target:host",
                ["repository"] = "target:repository",
            };
            Assert.Empty(Dockerfile.Read(path).CheckContexts(contexts));
        }
    }

    Dockerfile Write(string text)
    {
        File.WriteAllText(_directory / "Dockerfile", text);
        return Dockerfile.Read(_directory / "Dockerfile");
    }
}
