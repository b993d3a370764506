using Nuke.Common.IO;
using OpenStack.Backports;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Backports;

/// <summary>What a user may write for a change.</summary>
public sealed class ChangeAddressTests
{
    static readonly AbsolutePath s_nowhere = "/nonexistent";

    public static TheoryData<string, object> Known => new()
    {
        { "https://review.opendev.org/c/openstack/nova/+/901234", Review("openstack/nova", null) },
        { "https://review.opendev.org/c/openstack/nova/+/901234/2", Review("openstack/nova", 2) },
        { "https://review.opendev.org/c/openstack/nova/+/901234/2/nova/compute/api.py", Review("openstack/nova", 2) },
        { "https://review.opendev.org/c/openstack/nova/+/901234?tab=comments", Review("openstack/nova", null) },
        { "https://review.opendev.org/#/c/901234/3/", Review(null, 3) },
        { "https://review.opendev.org/901234", Review(null, null) },
        {
            "https://github.com/openstack/nova/commit/0123456789abcdef",
            new RemoteCommit("https://github.com/openstack/nova", "nova", "0123456789abcdef")
        },
        {
            "https://opendev.org/openstack/nova/commit/0123456789ABCDEF.patch",
            new RemoteCommit("https://opendev.org/openstack/nova", "nova", "0123456789abcdef")
        },
        {
            "https://github.com/openstack/nova/pull/7",
            new PullRequest("https://github.com/openstack/nova", "nova", 7)
        },
        {
            "https://github.com/openstack/nova/pull/7/files#diff-1",
            new PullRequest("https://github.com/openstack/nova", "nova", 7)
        },
        {
            "https://github.com/openstack/nova/pull/7/commits/0123456",
            new RemoteCommit("https://github.com/openstack/nova", "nova", "0123456")
        },
        { "refs/pull/7/head", new PullRequest(null, null, 7) },
        { "refs/changes/34/901234/2", new Revision("refs/changes/34/901234/2") },
        { "I8f2a1d0", new ChangeId("I8f2a1d0") },
        { "27.0.0..27.0.2", new CommitRange("27.0.0", "27.0.2") },
        { "stable/2025.1", new Revision("stable/2025.1") },
        { "bug#12", new Revision("bug#12") },
    };

    static ReviewedChange Review(string? project, int? set) => new("https://review.opendev.org", project, 901234, set);

    [Theory]
    [MemberData(nameof(Known))]
    public void ItIsKnownByItsForm(string text, object meant) =>
        Assert.Equal(meant, ChangeAddress.Parse(text, s_nowhere));

    [Theory]
    [InlineData("https://example.org/nova", "is no address of a change")]
    [InlineData("https://review.opendev.org/q/topic:x", "is no address of a change")]
    [InlineData("a...b", "is not the name of a git ref")]
    [InlineData("..b", "is not the name of a git ref")]
    [InlineData("--upload-pack=x", "is not the name of a git ref")]
    [InlineData("0001 fix.patch", "file of mails that is there")]
    public void AnythingElseIsSaidToBeNone(string text, string saying) => Assert.Contains(saying,
        Assert.Throws<ProblemException>(() => ChangeAddress.Parse(text, s_nowhere)).Message, StringComparison.Ordinal);
}
