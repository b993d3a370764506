using OpenStack.Lab;

namespace OpenStack.Tests.Lab;

public sealed class MountsTests
{
    [Fact]
    public void Mounts_below_a_directory_are_found_the_deepest_first() => Assert.Equal(
        ["/lab/engine/a b/merged", "/lab/engine", "/lab"],
        Mounts.PointsBelow(
            """
            22 1 254:0 / / rw - ext4 /dev/vda rw
            30 22 0:30 / /lab rw - overlay overlay rw
            31 22 0:31 / /lab/engine rw - overlay overlay rw
            32 22 0:32 / /lab/engine/a\040b/merged rw - overlay overlay rw
            33 22 0:33 / /laboratory rw - tmpfs tmpfs rw
            """,
            "/lab"));
}
