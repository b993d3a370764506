using OpenStack.Lab;

namespace OpenStack.Tests.Lab;

public sealed class EngineTests
{
    const long GiB = 1L << 30;

    [Theory]
    [InlineData(1, 4)]
    [InlineData(16, 8)]
    [InlineData(200, 20)]
    public void The_engine_keeps_a_share_of_the_free_disk_within_bounds(long free, long kept)
    {
        var limits =
            new EngineData { PercentOfFree = 50, AtLeast = 4, AtMost = 20, LoadedImages = "x/*", KeptImages = 1 };
        Assert.InRange(Engine.KeptBytes(limits, free * GiB), kept * GiB - 100, kept * GiB);
    }

    [Fact]
    public void Memory_is_what_programs_can_have()
    {
        Assert.Equal(23_099_784L << 10, MemoryDirectory.Available("MemTotal:       24618900 kB\n"
            + "MemFree:        19000000 kB\nMemAvailable:   23099784 kB\n"));
        Assert.Equal(0, MemoryDirectory.Available("MemTotal:       24618900 kB\n"));
    }
}
