using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Tests.Sources;
using OpenStack.Wheels;

namespace OpenStack.Tests.Wheels;

/// <summary>Which distributions are built from source by choice.</summary>
public sealed class FromSourceTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void NamesAreThoseOfDistributionsHoweverTheyAreSpelt()
    {
        Assert.Empty(FromSource.Parse([]).Names);
        Assert.Equal(["oslo-config", "pyyaml"], FromSource.Parse(["PyYAML", "oslo.config", "oslo_config"]).Names);
        Assert.Equal(["all"], FromSource.Parse(["six", "all"]).Names);
        Assert.Equal(["--from-source has the value 'a b'", "--from-source has the value ''"],
            Assert.Throws<ProblemException>(() => FromSource.Parse(["six", "a b", ""])).Problems.Select(x => x.Found));
    }

    [Fact]
    public void WhatNoImageHasIsNamed()
    {
        IReadOnlyList<LockedDistribution> closure =
            [new("urllib3", "2.0", new IndexFile("urllib3-2.0.tar.gz", "https://x.example/urllib3-2.0.tar.gz", ""))];
        Assert.Empty(FromSource.Parse(["urllib3"]).Unknown([[], closure]));
        Assert.Empty(FromSource.Parse(["all"]).Unknown([closure]));
        Assert.Equal("--from-source names urlib3, which none of the selected images has. Did you mean 'urllib3'?",
            Assert.Single(FromSource.Parse(["urlib3"]).Unknown([closure])).ToString());
    }

    /// <summary>
    /// What is asked of uv: no wheels of those, but for that of the service itself and those of libraries, of which no
    /// index has the source.
    /// </summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("six uwsgi", "--no-binary six --no-binary uwsgi --only-binary openstack_placement")]
    [InlineData("all", "--no-binary :all: --only-binary openstack_placement")]
    public async Task TheResolverTakesNoWheelsOfThem(string names, string options)
    {
        Directory.CreateDirectory(_directory / "wheel");
        File.WriteAllText(_directory / "wheel" / "openstack_placement-13.0.0-py3-none-any.whl", "");
        File.WriteAllText(_directory / "settings", "from_sources() { echo \"$@\" >\"$ASKED\"; }\n");
        var script = (await File.ReadAllTextAsync(RepositoryRoot.Path / "images/scripts/resolve-closure"))
            .Replace("/usr/local/lib/uv-settings", _directory / "settings", StringComparison.Ordinal)
            .Replace("/tmp/closure.in", _directory / "closure.in", StringComparison.Ordinal);
        File.WriteAllText(_directory / "resolve", script);
        await new Command("sh", _directory / "resolve", _directory / "wheel", _directory / "out")
        {
            Environment = new Dictionary<string, string?>
            {
                ["FROM_SOURCE"] = names,
                ["ASKED"] = _directory / "asked",
                ["PIP_EXTRAS"] = "",
            },
        }.RequireAsync();
        var asked = (await File.ReadAllTextAsync(_directory / "asked")).Split(" --constraint ")[0];
        Assert.Equal($"pip compile --no-header {options}".TrimEnd(), asked);
    }
}
