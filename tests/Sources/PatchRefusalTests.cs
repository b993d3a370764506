using System.Runtime.Versioning;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

/// <summary>Every section of a patch is applied or named; CheckPatches and Patch say the same.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PatchRefusalTests : IDisposable
{
    const string Ordinary = "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n";
    const string Separator = "From 1d0a1c5d6ac1b2ff0fc6ea2b0fa6bc9a2b7d0c11 Mon Sep 17 00:00:00 2001\n";
    const string Commit = "1d0a1c5d6ac1b2ff0fc6ea2b0fa6bc9a2b7d0c11";

    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _upstream;
    readonly string _commit;

    public PatchRefusalTests()
    {
        _upstream = new Upstream(_temporary / "upstream");
        Directory.CreateDirectory(_temporary / "upstream" / "deep" / "er");
        File.CreateSymbolicLink(_temporary / "upstream" / "deep" / "er" / "l", "../../top.txt");
        File.CreateSymbolicLink(_temporary / "upstream" / "there", "a.py");
        File.CreateSymbolicLink(_temporary / "upstream" / "here", ".");
        _upstream.Commit("x", ("a.py", "1\n2\n3\n4\n5\n6\n7\n"), ("top.txt", "top\n"));
        Directory.CreateDirectory(_temporary / "upstream" / "sub");
        _upstream.Git("update-index", "--add", "--cacheinfo", $"160000,{Commit},sub");
        _upstream.Git("commit", "-q", "-m", "submodule");
        _commit = _upstream.Git("rev-parse", "HEAD");
        Directory.CreateDirectory(Patches);
    }

    public void Dispose() => _temporary.Dispose();

    AbsolutePath Patches => _temporary / "patches";

    [Theory]
    // Parts that git passes over.
    [InlineData(Ordinary
        + "diff --cc top.txt\nindex 1,2..3\n--- a/top.txt\n+++ b/top.txt\n@@@ -1,1 -1,1 +1,1 @@@\n- top\n -bottom\n"
        + "++middle\n",
        "9: git would leave a part of the patch out: top.txt is changed by a combined diff, as a merge has it")]
    [InlineData("diff --combined top.txt\nindex 1,2..3\n--- a/top.txt\n+++ b/top.txt\n@@@ -1,1 -1,1 +1,1 @@@\n- top\n "
        + "-bottom\n++middle\n",
        "1: git would leave a part of the patch out: top.txt is changed by a combined diff, as a merge has it")]
    [InlineData(Ordinary
        + "*** a/top.txt\t2026-01-01\n--- b/top.txt\t2026-01-01\n***************\n*** 1 ****\n! top\n--- 1 ----\n! "
        + "bottom\n", "9: git would leave a part of the patch out: a/top.txt is changed by a context diff")]
    [InlineData("diff -r a/top.txt b/top.txt\n1c1\n< top\n---\n> bottom\n" + Ordinary,
        "2: git would leave a part of the patch out: lines are changed by a diff without context")]
    [InlineData(Ordinary + "--- a/top.txt\n+++ b/top.txt\n",
        "9: git would leave a part of the patch out: the section of b/top.txt has no hunk")]
    [InlineData(Ordinary + "Binary files a/x.png and b/x.png differ\n",
        "9: git would leave a part of the patch out: b/x.png is a binary file, whose contents are left out")]
    [InlineData(Ordinary + "Only in b: new.py\n",
        "9: git would leave a part of the patch out: new.py is in one directory only, and left out")]
    [InlineData(Ordinary + "diff -e a/top.txt b/top.txt\n1c\nbottom\n.\n",
        "10: git would leave a part of the patch out: lines are changed by an ed script")]
    [InlineData("diff -re a/top.txt b/top.txt\n7,9c\nbottom\n.\n" + Ordinary,
        "2: git would leave a part of the patch out: lines are changed by an ed script")]
    [InlineData(Ordinary + "\nProperty changes on: top.txt\n____\nAdded: svn:executable\n## -0,0 +1 ##\n+*\n",
        "10: git would leave a part of the patch out: properties of top.txt are changed, which Subversion alone has")]
    // Modes that are none.
    [InlineData("diff --git a/w b/w\nnew file mode 040000\n--- /dev/null\n+++ b/w\n@@ -0,0 +1 @@\n+x\n",
        "1: The patch gives w the mode 040000, which is none of a file")]
    [InlineData("diff --git a/top.txt b/top.txt\nold mode 100644\nnew mode 060644\n",
        "1: The patch gives top.txt the mode 060644, which is none of a file")]
    // What is no patch yet.
    [InlineData("{\"message\": \"Not Found\"}", "0: The file is no patch: it is JSON")]
    [InlineData("PK\u0003\u0004", "0: The file is no patch: it is a zip archive")]
    [InlineData("\n<!DOCTYPE html><html>", "0: The file is no patch: it is a page of HTML")]
    [InlineData("\u001b[1mdiff --git a/a.py b/a.py\u001b[m\n\u001b[36m@@ -1 +1 @@\u001b[m\n",
        "0: The file is no patch: it is coloured for a terminal")]
    [InlineData("ZGlmZiAtLWdpdCBhL2EgYi9hCi0tLSBhL2EKKysrIGIvYQpAQCAtMSArMSBA\nQAotMQorMgo=\n",
        "0: The file is no patch: it is encoded as base64, as Gerrit and Gitiles give it")]
    // Sections that say nothing.
    [InlineData(Ordinary + "diff --git a/top.txt b/top.txt\n",
        "9: The patch has a header for top.txt and no change below it")]
    [InlineData("diff --git a/top.txt b/top.txt\n--- a/top.txt\n+++ b/top.txt\n" + Ordinary,
        "1: The patch has a header for top.txt and no change below it")]
    [InlineData(Ordinary + "diff --git a/top.txt b/top.txt\nindex 1234567..89abcde 100644\n",
        "9: The patch says that the contents of top.txt change, and not how")]
    [InlineData("diff --git a/new b/new\nnew file mode 100644\nindex 0000000..89abcde\n",
        "1: The patch says that the contents of new change, and not how")]
    [InlineData("diff --git a/top.txt b/b.txt\nsimilarity index 60%\nrename from top.txt\nrename to b.txt\n",
        "1: The patch says that the contents of b.txt change, and not how")]
    [InlineData("diff --git a/x.png b/x.png\nindex 1234567..89abcde 100644\nBinary files a/x.png and b/x.png differ\n",
        "1: The patch says that the contents of x.png change, and not how")]
    // Submodules.
    [InlineData("diff --git a/sub b/sub\nindex 1d0a1c5..2d0a1c5 160000\n--- a/sub\n+++ b/sub\n@@ -1 +1 @@\n"
        + "-Subproject commit " + Commit + "\n+Subproject commit 2d0a1c5d6ac1b2ff0fc6ea2b0fa6bc9a2b7d0c11\n",
        "1: The patch changes the commit of a submodule, sub")]
    [InlineData("diff --git a/more b/more\nnew file mode 160000\nindex 0000000..2d0a1c5\n--- /dev/null\n+++ b/more\n"
        + "@@ -0,0 +1 @@\n+Subproject commit 2d0a1c5d6ac1b2ff0fc6ea2b0fa6bc9a2b7d0c11\n",
        "1: The patch changes the commit of a submodule, more")]
    [InlineData("diff --git a/sub b/sub\ndeleted file mode 160000\nindex 1d0a1c5..0000000\n--- a/sub\n+++ /dev/null\n"
        + "@@ -1 +0,0 @@\n-Subproject commit " + Commit + "\n", "1: The patch changes the commit of a submodule, sub")]
    [InlineData("--- a/sub\n+++ b/sub\n@@ -1 +1 @@\n-Subproject commit " + Commit
        + "\n+Subproject commit 2d0a1c5d6ac1b2ff0fc6ea2b0fa6bc9a2b7d0c11\n",
        "1: The patch changes the commit of a submodule, sub")]
    // Links, whatever puts them where they are.
    [InlineData("diff --git a/deep/er/l b/l\nsimilarity index 100%\nrename from deep/er/l\nrename to l\n",
        "1: The patch makes l a link to '../../top.txt', which is not in the source tree")]
    [InlineData("diff --git a/deep/er/l b/deep/l\nsimilarity index 100%\ncopy from deep/er/l\ncopy to deep/l\n",
        "1: The patch makes deep/l a link to '../../top.txt', which is not in the source tree")]
    [InlineData("--- a/there\n+++ b/there\n@@ -1 +1 @@\n-a.py\n\\ No newline at end of file\n+../a.py\n\\ No newline "
        + "at end of file\n", "1: The patch makes there a link to '../a.py', which is not in the source tree")]
    [InlineData("diff --git a/new b/new\nnew file mode 120000\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+/etc/passwd\n"
        + "\\ No newline at end of file\n",
        "1: The patch makes new a link to '/etc/passwd', which is not in the source tree")]
    [InlineData("diff --git a/new b/new\nnew file mode 120000\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n"
        + "+here/../top.txt\n\\ No newline at end of file\n",
        "1: The patch makes new a link to 'here/../top.txt', which is not in the source tree")]
    [InlineData("diff --git a/new b/new\nnew file mode 120000\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+.git/config\n"
        + "\\ No newline at end of file\n",
        "1: The patch makes new a link to '.git/config', which is not in the source tree")]
    // Several mails.
    [InlineData(Separator + "Subject: [PATCH 0/1] Cover\n\nText\n\n" + Separator + "Subject: [PATCH 1/1] One\n\n---\n"
        + Ordinary, "1: The mail has no patch in it")]
    [InlineData(Separator + "Subject: [PATCH 1/2] One\n\n---\n" + Ordinary + "-- \n2.39\n\n" + Separator
        + "Subject: [PATCH 2/2] Two\nContent-Transfer-Encoding: quoted-printable\n\n---\ndiff --git a/top.txt "
        + "b/top.txt\n--- a/top.txt\n+++ b/top.txt\n@@ -1 +1 @@\n-top\n+x=3D1\n",
        "18: The patch is encoded as quoted-printable")]
    public async Task WhatIsNotAppliedIsNamedByBoth(string patch, string expected)
    {
        Write(Encoding.UTF8.GetBytes(patch));
        Assert.Equal([expected], await Trial().RefuseAsync());
    }

    [Theory]
    [InlineData("diff --git \"a/caf\\351.txt\" \"b/caf\\351.txt\"\nnew file mode 100644\n--- /dev/null\n+++ "
        + "\"b/caf\\351.txt\"\n@@ -0,0 +1 @@\n+x\n", "1: The patch has a file whose name is not UTF-8: caf\\351.txt")]
    [InlineData("--- /dev/null\n+++ b/caf\u00e9.txt\n@@ -0,0 +1 @@\n+x\n",
        "1: The patch has a file whose name is not UTF-8: caf\\351.txt")]
    [InlineData("diff --git a/top.txt \"b/\\377\"\nsimilarity index 100%\nrename from top.txt\nrename to \"\\377\"\n",
        "1: The patch has a file whose name is not UTF-8: \\377")]
    [InlineData("diff --git a/new b/new\nnew file mode 120000\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+caf\u00e9\n"
        + "\\ No newline at end of file\n", "1: The patch makes new a link to a name that is not UTF-8: caf\\351")]
    public async Task NamesThatAreNotUtf8AreNamedByBoth(string latin1, string expected)
    {
        Write(Encoding.Latin1.GetBytes(latin1));
        Assert.Equal([expected], await Trial().RefuseAsync());
    }

    public static TheoryData<string, string> Encodings => new()
    {
        { "utf-8 first", "1: There is a byte order mark before a line of the patch: git takes that line for text" },
        { "utf-8 second mail",
            "10: There is a byte order mark before a line of the patch: git takes that line for text" },
        { "utf-16le", "1: The patch is encoded as UTF-16" },
        { "utf-16be", "1: The patch is encoded as UTF-16" },
        { "utf-16le bare", "1: The patch is encoded as UTF-16" },
        { "utf-32le", "1: The patch is encoded as UTF-32" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task EncodingsAreSaidAsWhatTheyAre(string encoding, string expected)
    {
        const string Mode = "diff --git a/a.py b/a.py\nold mode 100644\nnew mode 100755\n";
        Write(encoding switch
        {
            "utf-8 first" => [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Mode)],
            "utf-8 second mail" => Encoding.UTF8.GetBytes($"{Separator}{Ordinary}\uFEFF{Separator}{Mode}"),
            "utf-16le" => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Mode)],
            "utf-16be" => [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Mode)],
            "utf-16le bare" => Encoding.Unicode.GetBytes(Mode),
            _ => [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes(Mode)],
        });
        Assert.Equal([expected], await Trial().RefuseAsync());
    }

    [Theory]
    [InlineData("diff --git a/deep/er/l b/deep/er/m\nsimilarity index 100%\nrename from deep/er/l\nrename to "
        + "deep/er/m\n")]
    [InlineData("diff --git a/new b/new\nnew file mode 120000\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+deep/er/l\n"
        + "\\ No newline at end of file\n")]
    [InlineData("diff --git a/empty b/empty\nnew file mode 100644\nindex 0000000..e69de29\n")]
    [InlineData("diff --git a/a.py b/a.py\nold mode 100644\nnew mode 100755\n")]
    [InlineData("Subject: On binary files\n\nBinary files a and b differ\nOnly in x: y\n--- a\n+++ b\nthe end\n\n"
        + Ordinary)]
    public async Task WhatGitAppliesIsAppliedByBoth(string patch)
    {
        Write(Encoding.UTF8.GetBytes(patch));
        Assert.Equal([PatchState.Applies], (await Trial().CheckAsync()).Select(x => x.State));
        Assert.Empty((await Trial().PatchAsync()).Problems);
    }

    /// <summary>Author, bug and CVE of each mail are kept: git-mailsplit, git-am.</summary>
    [Fact]
    public async Task EachMailOfAFileIsARecord()
    {
        const string Second =
            "diff --git a/top.txt b/top.txt\n--- a/top.txt\n+++ b/top.txt\n@@ -1 +1 @@\n-top\n+bottom\n";
        Write(Encoding.UTF8.GetBytes(
            $"{Separator}From: One <one@example.org>\nSubject: [PATCH 1/2] First\n\nCloses-Bug: #1000001\n\n---\n"
                + $"{Ordinary}-- \n2.39\n\n"
            + $"{Separator}From: Two <two@example.org>\nSubject: [PATCH 2/2] Second\n\nCVE-2031-22222\n\n---\n"
                + $"{Second}-- \n2.39\n\n"));
        var verdicts = await Trial().CheckAsync();
        Assert.Equal(["0001-x.patch (1)", "0001-x.patch (2)"], verdicts.Select(x => x.Title));
        Assert.Equal([PatchState.Applies, PatchState.Applies], verdicts.Select(x => x.State));
        var patches = (await Trial().PatchAsync()).Tree!.Patches;
        Assert.Equal([("One", "First", 1), ("Two", "Second", 2)],
            patches.Select(x => (x.Header.Author!, x.Header.Subject, x.Mail!.Value)));
        Assert.Equal([1000001], patches[0].Header.Bugs.Select(x => x.Number));
        Assert.Empty(patches[0].Header.Vulnerabilities);
        Assert.Equal(["CVE-2031-22222"], patches[1].Header.Vulnerabilities);
        Assert.Contains("+bottom",
            Encoding.UTF8.GetString(patches[1].TextIn(File.ReadAllBytes(Patches / "0001-x.patch"))));
        Assert.DoesNotContain("+two",
            Encoding.UTF8.GetString(patches[1].TextIn(File.ReadAllBytes(Patches / "0001-x.patch"))));
    }

    [Theory]
    [InlineData("0001-x.patch", "", "CVE-2031-22222")]
    [InlineData("CVE-2031-22222.patch", "", "CVE-2031-22222")]
    [InlineData("CVE-2031-22223-CVE-2031-22222.patch", "CVE-2031-22223", "CVE-2031-22222 CVE-2031-22223")]
    public async Task WhatTheNameSaysAndAMailTooIsOfThatMailAlone(string name, string first, string second)
    {
        const string Second = "diff --git a/top.txt b/top.txt\n--- a/top.txt\n+++ b/top.txt\n@@ -1 +1 @@\n-top\n+x\n";
        var mails = $"{Separator}Subject: One\n\n---\n{Ordinary}\n{Separator}Subject: CVE-2031-22222\n\n---\n{Second}";
        await File.WriteAllTextAsync(Patches / name, mails);
        var found = (await Trial().CheckAsync()).Select(x => string.Join(' ', x.Header.Vulnerabilities));
        Assert.Equal([first, second], found);
        var kept = (await Trial().PatchAsync()).Tree!.Patches.Select(x => string.Join(' ', x.Header.Vulnerabilities));
        Assert.Equal([first, second], kept);
    }

    [Fact]
    public async Task AMailThatConflictsIsNamedWithItsLine()
    {
        Write(Encoding.UTF8.GetBytes(
            $"{Separator}Subject: One\n\n---\n{Ordinary}\n{Separator}Subject: Two\n\n---\n"
            + $"{Ordinary.Replace("-2\n+two", "-no\n+deux", StringComparison.Ordinal)}"));
        Assert.Equal([PatchState.Applies, PatchState.Conflict], (await Trial().CheckAsync()).Select(x => x.State));
        Assert.Equal([21], (await Trial().PatchAsync()).Problems.Select(x => x.Line));
    }

    [Fact]
    public async Task WhatIsWrongWithALinkOfUpstreamIsNotThePatchsFault()
    {
        File.CreateSymbolicLink(_temporary / "upstream" / "out", "/etc/passwd");
        var commit = _upstream.Commit("out");
        Write(Encoding.UTF8.GetBytes(
            "diff --git a/there b/where\nsimilarity index 100%\nrename from there\nrename to where\n"));
        Assert.Equal([PatchState.Applies], (await Trial(commit).CheckAsync()).Select(x => x.State));
        Assert.Empty((await Trial(commit).PatchAsync()).Problems);
    }

    void Write(byte[] patch) => File.WriteAllBytes(Patches / "0001-x.patch", patch);

    PatchTrial Trial(string? commit = null) =>
        new(new Mirror(_temporary / "mirrors", "keystone", _upstream.Url), commit ?? _commit, Patches,
            _temporary / "trial");
}
