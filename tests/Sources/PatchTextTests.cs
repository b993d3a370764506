using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

public class PatchTextTests
{
    [Theory]
    [InlineData("diff --git a/x.py b/x.py\nnew file mode 100644\n--- /dev/null\n+++ b/x.py\n@@ -0,0 +1 @@\n+1\n", null,
        "x.py", 1)]
    [InlineData("diff --git a/x.py b/x.py\ndeleted file mode 100644\n--- a/x.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n",
        "x.py", null, 1)]
    [InlineData("diff --git a/a b/c.py b/a b/c.py\nold mode 100644\nnew mode 100755\n", "a b/c.py", "a b/c.py", 0)]
    [InlineData("diff --git a/x y.py b/z b/y.py\nsimilarity index 100%\nrename from x y.py\nrename to z b/y.py\n",
        "x y.py", "z b/y.py", 0)]
    [InlineData("diff --git \"a/\\303\\251\\t.py\" \"b/\\303\\251\\t.py\"\nold mode 100644\nnew mode 100755\n",
        "é\t.py", "é\t.py", 0)]
    [InlineData("diff --git a/e \"b/\\303\\251\"\nrename from e\nrename to \"\\303\\251\"\n", "e", "é", 0)]
    [InlineData("diff --git a/x b/x\nindex 1234567..89abcde 100644\nGIT binary patch\nliteral 1\nIcmZPo000310RR91\n\n",
        "x", "x", 0)]
    [InlineData("--- a/my file.py\t\n+++ b/my file.py\t\n@@ -1 +1 @@\n-1\n+2\n", "my file.py", "my file.py", 1)]
    [InlineData("--- x.orig/y.py\t2026-01-01\n+++ x/y.py\t2026-01-01\n@@ -1 +1 @@\n-1\n+2\n", "y.py", "y.py", 1)]
    [InlineData("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a/y\n+++ b/y\n 1\n@@ -9 +9 @@\n-1\n+2\n", "x", "x", 2)]
    public void FilesAndHunksAreFound(string text, string? old, string? @new, int hunks)
    {
        var patch = PatchText.Parse(text);
        var file = Assert.Single(patch.Files);
        Assert.Equal((old, @new, hunks), (file.OldName, file.NewName, file.Hunks.Count));
        Assert.Empty(PatchRules.Check(patch, "p"));
    }

    [Fact]
    public void LastLinesKeepWhetherTheyEnd()
    {
        var hunk = PatchText.Parse("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n 1\n-2\n"
            + "\\ No newline at end of file\n+3\n-- \n2.39.5\n").Files[0].Hunks[0];
        Assert.Equal(["1\n", "2"], hunk.Old);
        Assert.Equal(["1\n", "3\n"], hunk.New);
    }

    [Theory]
    [InlineData("--- x.py\n+++ x.py\n@@ -1 +1 @@\n-1\n+2\n")]
    [InlineData("--- keystone/x.py\n+++ keystone/x.py\n@@ -1 +1 @@\n-1\n+2\n")]
    [InlineData("--- /dev/null\n+++ keystone/x.py\n@@ -0,0 +1 @@\n+2\n")]
    [InlineData("--- /dev/null\n+++ /keystone/x.py\n@@ -0,0 +1 @@\n+2\n")]
    [InlineData("diff --git keystone/x.py keystone/x.py\nold mode 100644\nnew mode 100755\n")]
    [InlineData("Index: keystone/x.py\n===\n--- keystone/x.py\t(revision 1)\n"
        + "+++ keystone/x.py\t(working copy)\n@@ -1 +1 @@\n-1\n+2\n")]
    public void PathsWithoutPrefixAreRefused(string text)
    {
        var problem = Assert.Single(PatchRules.Check(PatchText.Parse(text), "p"));
        Assert.Contains("have nothing before them", problem.Found);
        Assert.Equal("a/ and b/, as git writes them", problem.Expected);
        Assert.Contains("format-patch", problem.Remedy);
    }

    [Theory]
    [InlineData("", "The patch is empty")]
    [InlineData("\n \n", "The patch is empty")]
    [InlineData("Subject: x\n\nnothing\n", "The file is no patch")]
    [InlineData("--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n 1\n-2\n",
        "Hunk 1 of x has more or fewer lines than its header says")]
    [InlineData("--- a/x\r\n+++ b/x\r\n@@ -1 +1 @@\r\n-1\r\n+2\r\n", "The patch has CRLF line ends")]
    [InlineData("Subject: x\nContent-Transfer-Encoding: Quoted-Printable\n\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-1\n+2=3D\n",
        "The patch is encoded as quoted-printable")]
    [InlineData("Subject: x\nContent-Transfer-Encoding: base64\n\nZGlmZg==\n", "The patch is encoded as base64")]
    public void WhatIsNoPatchIsToldAsSuch(string text, string expected) =>
        Assert.Equal([expected], PatchRules.Check(PatchText.Parse(text), "p").Select(x => x.Found));
}
