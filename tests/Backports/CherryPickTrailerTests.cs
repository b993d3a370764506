using OpenStack.Backports;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Backports;

/// <summary>Messages are what <c>git cherry-pick -x</c> makes of them.</summary>
public sealed class CherryPickTrailerTests : IDisposable
{
    static readonly string[] s_messages =
    [
        "Subject alone",
        "Subject\n\nText of one line",
        "Subject\n\nText.\n\nChange-Id: I0123456789012345678901234567890123456789",
        "Subject\n\nText.\n\nCloses-Bug: #1\nChange-Id: I01\nSigned-off-by: A <a@example.org>",
        "Subject\n\nCloses-Bug: #1",
        "Closes-Bug: #1",
        "Subject\n\nText.\n\nChange-Id: I01\n(cherry picked from commit 0123456789012345678901234567890123456789)",
        "Subject\n\nText: with a colon\nand more of it",
        "Subject\n\nOne.\nTwo.\nThree.\nFour.\nSigned-off-by: A <a@example.org>",
        "Subject\n\nOne.\nTwo.\nThree.\nSigned-off-by: A <a@example.org>",
        "Subject\n\nDepends-On: a\n  folded\nChange-Id: I01",
        "Subject\n\n  indented\nChange-Id: I01",
        "Subject\nof two lines\n\nhttps://example.org: text",
        "Subject\n\nCo-authored-by : A",
    ];

    readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void TheyAreWhatGitMakesOfThem()
    {
        var upstream = new Upstream(_temporary / "upstream");
        upstream.Commit("Begin", ("a", "0\n"));
        var commits = s_messages.Select((x, i) => upstream.Commit(x, ("a", $"{i}\n"), ("b", $"{i}\n"))).ToList();
        upstream.Git("checkout", "-q", "-b", "stable", "HEAD~" + s_messages.Length);
        foreach (var (message, commit) in s_messages.Zip(commits))
        {
            upstream.Git("cherry-pick", "-x", commit);
            Assert.Equal(upstream.Git("log", "-1", "--format=%B"),
                CherryPickTrailer.Add($"{message}\n", commit).TrimEnd());
        }
    }
}
