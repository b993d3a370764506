using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Lab;
using OpenStack.Oci;
using OpenStack.Packages;

namespace OpenStack.Tests.Lab;

public sealed class LabDataTests
{
    static LabData Data => LabData.Read(RepositoryRoot.Path / "build/Lab/data/lab.yaml");

    [Fact]
    public void The_laboratory_knows_two_architectures_and_the_machine_that_it_runs_on()
    {
        Assert.Equal(["linux/amd64 amd64 x86_64 62", "linux/arm64 arm64 aarch64 183"],
            Data.Architectures.Select(x => $"{x.Platform} {x.Debian} {x.Machine} {x.Elf}"));
        Assert.Equal(PlatformName.Native, Data.ArchitecturesOf([PlatformName.Native]).Single().Platform);
        Assert.Empty(Data.ArchitecturesOf([]));
    }

    [Fact]
    public void A_platform_that_it_does_not_know_is_told_with_those_that_it_knows()
    {
        var problem =
            Assert.Throws<ProblemException>(() => Data.ArchitecturesOf(["linux/arm", "linux/amd64", "linux/s390x"]));
        Assert.Equal(
        [
            "--platform: the laboratory does not know 'linux/arm'; expected linux/amd64 or linux/arm64. "
            + "Did you mean 'linux/arm64'?",
            "--platform: the laboratory does not know 'linux/s390x'; expected linux/amd64 or linux/arm64. What it "
            + "knows is listed under 'architectures' in build/Lab/data/lab.yaml",
        ], problem.Problems.Select(x => x.ToString()));
    }

    [Fact]
    public void A_service_gets_what_it_requires_and_one_that_is_not_known_what_all_do()
    {
        var wheelhouse = Data.Wheelhouse;
        Assert.Contains("python3-ldap", wheelhouse.PackagesOf("keystone"));
        Assert.DoesNotContain("python3-nova", wheelhouse.PackagesOf("keystone"));
        Assert.Equal(wheelhouse.Builds, wheelhouse.PackagesOf(WheelhouseData.Libraries));
        foreach (var service in wheelhouse.Services.Keys)
            Assert.Empty(wheelhouse.PackagesOf(service).Except(wheelhouse.PackagesOf("blazar")));
    }

    [Fact]
    public void The_laboratory_has_wheels_for_every_service_that_it_has_the_source_of()
    {
        var catalog = CatalogLoader.Load(RepositoryRoot.Path);
        var services = catalog.Services.ToLookup(catalog.KindOf);
        Assert.Equal(services[ImageKind.Python].Order(), Data.Wheelhouse.Services.Keys.Order());
        Assert.Empty(Data.Wheelhouse.Services.Keys.Except(Data.Sources.Select(x => x.Component)));
        Assert.Subset(catalog.Releases["2025.1"].SourceRefs.Keys.Where(x => catalog.KindOf(x) == ImageKind.Native)
            .ToHashSet(), Data.Sources.Where(x => x.IsNative).Select(x => x.Component).ToHashSet());
        Assert.All(Data.Sources.Select(x => x.Patch).OfType<string>(),
            x => Assert.True(File.Exists(RepositoryRoot.Path / "build" / "Lab" / "data" / x)));
    }

    [Theory]
    [InlineData(true, "x_y-1-cp313-cp313-linux_aarch64.whl")]
    [InlineData(false, "x_y-1-py3-none-any.whl")]
    public void A_wheel_with_machine_code_is_for_its_machine_alone(bool native, string name)
    {
        var arm64 = Data.Architectures.Single(x => x.Debian == "arm64");
        Assert.Equal(name,
            new WheelDraft("python3-x", "x.y", "1", CoreMetadata.Create("x.y", "1", ""), "3.13", arm64.Machine)
            {
                IsNative = native,
            }.FileName);
    }
}
