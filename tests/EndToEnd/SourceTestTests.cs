using System.Xml.Linq;

namespace OpenStack.Tests.EndToEnd;

/// <summary>Upstream's own tests run in what ships, and a patch is proven by those that it brings.</summary>
[Trait("Group", "Lab")]
public sealed class SourceTestTests : IDisposable
{
    const string Selection = "--service keystone --release 2025.1 --profile lab --no-logo";

    readonly RepositoryCopy _repository = new RepositoryCopy().WithLab();

    public void Dispose() => _repository.Dispose();

    /// <summary>
    /// One patch brings a test of what it does, which runs with those of the tree as well, and another one a test that
    /// passes without it.
    /// </summary>
    [Fact]
    public async Task APatchIsProvenByItsOwnTests()
    {
        Patch("0001-count.patch", "Count what there is", "return len(things)",
            "self.assertEqual(2, counting.count([1, 2]))", isNew: true);
        Assert.Contains("1 of its 1 tests fail without it, and all pass with it",
            (await _repository.RunAsync($"TestSource --filter unit.common.test_[cu] {Selection}")).ShouldSucceed()
            .Output, StringComparison.Ordinal);
        var junit = XDocument.Load(_repository.Service / "platforms/linux-amd64/tests/keystone/junit.xml");
        Assert.True(junit.Descendants("testcase").Count() > 5);
        Assert.Empty(junit.Descendants("failure"));
        Assert.Contains(junit.Descendants("testcase"), x => x.Attribute("name")!.Value == "test_count");

        Patch("0002-wrong.patch", "Count something else", "return len(list(things))",
            "self.assertEqual(3, counting.count([1, 2, 3]))", isNew: false);
        (await _repository.RunAsync($"TestSource --only-patches {Selection}")).ShouldFail(
            "patches/keystone/2025.1/0002-wrong.patch: its 1 tests pass without it as well",
            "Give it a test of what it changes");
    }

    void Patch(string name, string subject, string code, string assertion, bool isNew)
    {
        var (method, number) = isNew ? ("test_count", 2) : ("test_count_again", 3);
        var codeHunk = isNew
            ? "new file mode 100644\n--- /dev/null\n+++ b/keystone/common/counting.py\n@@ -0,0 +1,2 @@\n"
                + $"+def count(things):\n+    {code}\n"
            : "--- a/keystone/common/counting.py\n+++ b/keystone/common/counting.py\n@@ -1,2 +1,2 @@\n"
                + $" def count(things):\n-    return len(things)\n+    {code}\n";
        var testHunk = isNew
            ? "new file mode 100644\n--- /dev/null\n+++ b/keystone/tests/unit/common/test_counting.py\n"
                + "@@ -0,0 +1,7 @@\n+import unittest\n+\n+from keystone.common import counting\n+\n"
                + "+class CountTests(unittest.TestCase):\n"
                + $"+    def {method}(self):\n+        {assertion}\n"
            : "--- a/keystone/tests/unit/common/test_counting.py\n+++ b/keystone/tests/unit/common/test_counting.py\n"
                + "@@ -5,3 +5,6 @@\n class CountTests(unittest.TestCase):\n     def test_count(self):\n"
                + "         self.assertEqual(2, counting.count([1, 2]))\n+\n"
                + $"+    def {method}(self):\n+        {assertion}\n";
        _repository.Write($"patches/keystone/2025.1/{name}",
            $"From: A <a@example.org>\nDate: Mon, {number} Nov 2026 10:00:00 +0000\nSubject: [PATCH] {subject}\n\n---\n"
            + $"diff --git a/keystone/common/counting.py b/keystone/common/counting.py\n{codeHunk}"
            + "diff --git a/keystone/tests/unit/common/test_counting.py b/keystone/tests/unit/common/test_counting.py\n"
            + $"{testHunk}-- \n2.39.0\n\n");
    }
}
