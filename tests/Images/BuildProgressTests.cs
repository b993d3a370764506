using OpenStack.Images;

namespace OpenStack.Tests.Images;

public class BuildProgressTests
{
    [Fact]
    public void StepsAreReportedWhenTheyEndAndTheFailedOneWithItsOutput()
    {
        var (lines, states) = (new List<string>(), new List<string>());
        var progress = new BuildProgress(lines.Add);
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
            states.Add(progress.State);
        }

        Assert.Contains("[internal] load build definition from Dockerfile  0 s", states);
        Assert.Contains("[keystone build 2/3] RUN install-service /src/keystone  0 s: Looking in links: /wheelhouse",
            states);

        Assert.Equal("BuildKit is at work", progress.State);
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

    /// <summary>uv ends well over a file that an index has withdrawn; setuptools warns of whatever it does.</summary>
    [Theory]
    [InlineData("[closure 1/2] RUN resolve-closure /wheel /closure", true)]
    [InlineData("[build 1/2] RUN build-sdist uwsgi file:///wheelhouse/uwsgi-2.0.28.tar.gz", false)]
    public void WarningsOfUvAreTold(string step, bool told)
    {
        var lines = new List<string>();
        var progress = new BuildProgress(lines.Add);
        progress.Read($"#7 {step}");
        progress.Read("#7 1.234 warning: `six==1.16.0` is yanked (reason: \"broken\")");
        Assert.Equal(told, lines.Any(x =>
            x.EndsWith("warning: `six==1.16.0` is yanked (reason: \"broken\")", StringComparison.Ordinal)));
    }
}
