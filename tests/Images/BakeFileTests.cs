using System.Text.Json;
using OpenStack.Images;

namespace OpenStack.Tests.Images;

public class BakeFileTests
{
    [Fact]
    public void TheFileSaysWhatBakeReads()
    {
        var target = new BakeTarget
        {
            Context = "/images/keystone",
            Contexts = new Dictionary<string, string> { ["python-base"] = "target:python-base" },
            Args = new Dictionary<string, string> { ["PBR_VERSION"] = "27.0.0" },
            Labels = new Dictionary<string, string> { ["org.opencontainers.image.version"] = "27.0.0" },
            Platforms = ["linux/amd64"],
            Output = [BakeFile.LayoutOutput("/out, of place")],
        };
        using var json = JsonDocument.Parse(BakeFile.ToJson(new Dictionary<string, BakeTarget>
        {
            [BakeFile.TargetName("keystone", "2025.1")] = target,
        }));
        var written = json.RootElement.GetProperty("target").GetProperty("keystone-2025_1");
        Assert.Equal("27.0.0", written.GetProperty("args").GetProperty("PBR_VERSION").GetString());
        Assert.Equal("manifest:org.opencontainers.image.version=27.0.0",
            written.GetProperty("annotations")[0].GetString());
        Assert.Equal("type=oci,tar=false,compression=uncompressed,\"dest=/out, of place\"",
            written.GetProperty("output")[0].GetString());
        Assert.False(written.TryGetProperty("network", out _));
        Assert.Equal("keystone-2025_1",
            json.RootElement.GetProperty("group").GetProperty("default").GetProperty("targets")[0].GetString());
    }

    [Fact]
    public void ANameHasNothingThatBakeDoesNotTake() =>
        Assert.Equal("uwsgi-2_0_28_a-0123-2025_1", BakeFile.TargetName("uwsgi-2.0.28+a-0123", "2025.1"));

    [Theory]
    [InlineData("ghcr.io/astral-sh/uv:0.9", "ghcr.io/astral-sh/uv")]
    [InlineData("ubuntu:noble@sha256:00", "ubuntu")]
    [InlineData("127.0.0.1:5000/base", "127.0.0.1:5000/base")]
    public void ARepositoryIsANameWithoutTagAndDigest(string name, string repository) =>
        Assert.Equal(repository, ImageReference.Repository(name));
}
