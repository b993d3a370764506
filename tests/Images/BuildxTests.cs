using OpenStack.Images;

namespace OpenStack.Tests.Images;

public class BuildxTests
{
    /// <summary>As engines have told it; what was built is in their cache, and the same command is run again.</summary>
    [Theory]
    [InlineData("[keystone-2025_1] exporting to oci image format: failed to copy: rpc error: code = Unavailable desc = "
        + "error reading from server: EOF")]
    [InlineData("rpc error: code = Unknown desc = transport: Error while dialing only one connection allowed")]
    [InlineData("[keystone-2025_1] exporting to oci image format: no active session for 2lpts6hmygtghjsewc7p6e94w: "
        + "context deadline exceeded")]
    [InlineData("[python-base] exporting to oci image format: failed to copy: failed to send write: error reading from "
        + "server: EOF: unavailable")]
    public void ALostConnectionIsNoMistakeOfTheBuild(string error) => Assert.True(BakeRun.HasLostItsConnection(error));

    [Theory]
    [InlineData("[nova 3/5] RUN apt-install: process \"/bin/sh -c apt-install\" did not complete successfully: exit "
        + "code: 100")]
    [InlineData("no space left on device")]
    public void AFailedStepIs(string error) => Assert.False(BakeRun.HasLostItsConnection(error));
}
