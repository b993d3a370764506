using OpenStack.Diagnostics;
using OpenStack.Images;

namespace OpenStack.Tests.Images;

public class BuildProgressTests
{
    [Fact]
    public void StepsAreReportedWhenTheyEndAndTheFailedOneWithItsOutput()
    {
        var (lines, states) = (new List<string>(), new List<string>());
        var watch = new Watch(lines.Add);
        using var whole = watch.Begin("BuildService");
        var progress = new BuildProgress(watch);
        foreach (var line in (string[])[
            "#0 building with \"default\" instance using docker driver",
            "#1 [internal] load build definition from Dockerfile",
            "#1 DONE 0.4s",
            "#2 [keystone build 2/3] RUN --mount=type=bind,from=source,target=/src     --network=none     "
            + "install-service /src/keystone",
            "#2 0.512 Looking in links: /wheelhouse",
            "#3 [keystone stage-5 2/3] RUN /scripts/apt-install libpq5",
            "#3 DONE 8.1s",
            "#4 [keystone stage-5 3/3] COPY --from=build",
            "#4 CACHED",
            "#2 ...",
            "",
            "#2 [keystone build 2/3] RUN --mount=type=bind,from=source,target=/src     "
            + "--mount=type=cache,target=/var     install-service /src/keystone",
            "#2 1.250 ERROR: No matching distribution found for nothing",
            "#2 ERROR: process \"/bin/sh -c install-service\" did not complete successfully: exit code: 1",
            "------",
        ])
        {
            progress.Read(line);
            states.AddRange(watch.Look(whole).Select(x => $"{x}"));
        }

        Assert.Contains("[internal] load build definition from Dockerfile 0 s", states);
        Assert.Contains("[keystone build 2/3] RUN install-service /src/keystone 0 s: Looking in links: /wheelhouse",
            states);

        Assert.Equal([whole], watch.UnderWay);
        Assert.Equal([
            "[keystone build 2/3] RUN install-service /src/keystone ...",
            "[keystone stage-5 2/3] RUN /scripts/apt-install libpq5 ...",
            "[keystone stage-5 2/3] RUN /scripts/apt-install libpq5  8.1 s",
        ], lines);
        Assert.StartsWith("[keystone build 2/3] RUN install-service /src/keystone: process", progress.Failure,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "exit code: 1\n    Looking in links: /wheelhouse\n    ERROR: No matching distribution found for nothing",
            progress.Failure, StringComparison.Ordinal);
    }

    /// <summary>Layers that BuildKit pulls, each told several times, and files that it gets.</summary>
    [Fact]
    public void WhatAStepPullsIsCountedAndIsNoOutputOfIt()
    {
        var watch = new Watch();
        using var whole = watch.BeginWhole("BuildBase");
        using (var progress = new BuildProgress(watch))
        {
            foreach (var line in (string[])[
                "#4 [python-base 1/2] FROM docker.io/library/ubuntu:noble@sha256:0a1b",
                "#4 sha256:0a1b 1.05MB / 29.54MB 0.2s",
                "#4 sha256:2c3d 512B / 1.2kB 0.2s",
                "#4 sha256:0a1b 10.49MB / 29.54MB 1.2s",
                "#4 sha256:2c3d 1.2kB / 1.2kB 0.3s done",
                "#5 [internal] load build context",
                "#5 transferring context: 2.10MB 0.3s",
            ])
                progress.Read(line);
            Assert.Equal([
                "BuildBase 0 s, 13 of 32 MB",
                "[python-base 1/2] FROM docker.io/library/ubuntu:noble@sha256:0a1b 0 s, 10 of 30 MB",
                "[internal] load build context 0 s, 2.1 MB",
            ], watch.Look(whole).Select(x => $"{x}"));
        }

        // A run of buildx that was ended leaves nothing under way.
        Assert.Equal([whole], watch.UnderWay);
    }

    /// <summary>uv ends well over a file that an index has withdrawn; setuptools warns of whatever it does.</summary>
    [Theory]
    [InlineData("[closure 1/2] RUN resolve-closure /wheel /closure", true)]
    [InlineData("[build 1/2] RUN build-sdist uwsgi file:///wheelhouse/uwsgi-2.0.28.tar.gz", false)]
    public void WarningsOfUvAreTold(string step, bool told)
    {
        var lines = new List<string>();
        var progress = new BuildProgress(new Watch(lines.Add));
        progress.Read($"#7 {step}");
        progress.Read("#7 1.234 warning: `six==1.16.0` is yanked (reason: \"broken\")");
        Assert.Equal(told, lines.Any(x =>
            x.EndsWith("warning: `six==1.16.0` is yanked (reason: \"broken\")", StringComparison.Ordinal)));
    }
}
