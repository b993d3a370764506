using Nuke.Common.IO;
using OpenStack.Sources;
using OpenStack.UpstreamTests;

namespace OpenStack.Tests.UpstreamTests;

/// <summary>What a patch found and left, file by file.</summary>
public sealed class PatchStatesTests : IDisposable
{
    readonly AbsolutePath _root = Directory.CreateTempSubdirectory("states-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task EachPatchIsSeenWithoutItsCodeAndWithIt()
    {
        Write("checkout/app.py", "def answer():\n    return 41\n");
        Write("checkout/tests/unit/test_app.py", "def test_old():\n    pass\n");
        Write("checkout/gone.py", "x = 1\n");
        Write("checkout/untouched.py", "y = 1\n");
        Write("patches/0001-answer.patch", """
            Subject: [PATCH] Answer

            diff --git a/app.py b/app.py
            --- a/app.py
            +++ b/app.py
            @@ -1,2 +1,2 @@
             def answer():
            -    return 41
            +    return 42
            diff --git a/tests/unit/test_app.py b/tests/unit/test_app.py
            --- a/tests/unit/test_app.py
            +++ b/tests/unit/test_app.py
            @@ -1,2 +1,5 @@
             def test_old():
                 pass
            +
            +def test_answer():
            +    assert answer() == 42

            """);
        Write("patches/0002-move.patch", """
            Subject: [PATCH] Move

            diff --git a/gone.py b/gone.py
            deleted file mode 100644
            --- a/gone.py
            +++ /dev/null
            @@ -1 +0,0 @@
            -x = 1
            diff --git a/tests/unit/test_new.py b/tests/unit/test_new.py
            new file mode 100644
            --- /dev/null
            +++ b/tests/unit/test_new.py
            @@ -0,0 +1 @@
            +import app
            diff --git a/releasenotes/notes/move.yaml b/releasenotes/notes/move.yaml
            new file mode 100644
            --- /dev/null
            +++ b/releasenotes/notes/move.yaml
            @@ -0,0 +1 @@
            +---

            """);
        var series = new PatchSeries("app", "2025.1",
            [_root / "patches/0001-answer.patch", _root / "patches/0002-move.patch"]);

        await PatchStates.MakeAsync(_root / "checkout", series, _root / "states");

        var states = PatchStates.Read(_root / "states");
        Assert.Equal(["0001-answer.patch", "0002-move.patch"], states.Select(x => x.Title));
        Assert.Equal([["tests/unit/test_app.py"], ["tests/unit/test_new.py"]], states.Select(x => x.Modules));
        Assert.All(states, x => Assert.True(x.ChangesCode));
        Assert.Contains("41", Read("states/0/without/app.py"), StringComparison.Ordinal);
        Assert.Contains("test_answer", Read("states/0/without/tests/unit/test_app.py"), StringComparison.Ordinal);
        Assert.DoesNotContain("test_answer", Read("states/0/before/tests/unit/test_app.py"), StringComparison.Ordinal);
        Assert.Contains("42", Read("states/0/with/app.py"), StringComparison.Ordinal);
        // The second one builds on the first, and its tests are there without its code.
        Assert.Contains("42", Read("states/1/without/app.py"), StringComparison.Ordinal);
        Assert.Equal("import app\n", Read("states/1/without/tests/unit/test_new.py"));
        Assert.Equal("x = 1\n", Read("states/1/without/gone.py"));
        Assert.Equal(["gone.py"], states[1].WithAbsent);
        Assert.Equal(["tests/unit/test_new.py", "releasenotes/notes/move.yaml"],
            states[0].WithAbsent.OrderByDescending(x => x, StringComparer.Ordinal));
        Assert.False(File.Exists(_root / "states/1/with/untouched.py"));
    }

    [Fact]
    public async Task NotesAndTestsAloneChangeNoCode()
    {
        Write("checkout/README.rst", "One\n");
        Write("patches/0001-notes.patch", """
            Subject: [PATCH] Notes

            diff --git a/README.rst b/README.rst
            --- a/README.rst
            +++ b/README.rst
            @@ -1 +1 @@
            -One
            +Two

            """);
        await PatchStates.MakeAsync(_root / "checkout",
            new PatchSeries("app", "2025.1", [_root / "patches/0001-notes.patch"]), _root / "states");
        var state = Assert.Single(PatchStates.Read(_root / "states"));
        Assert.False(state.ChangesCode);
        Assert.Empty(state.Modules);
    }

    [Fact]
    public async Task NoPatchesAreAnEmptyList()
    {
        await PatchStates.MakeAsync(_root, new PatchSeries("app", "2025.1", []), _root / "states");
        Assert.Empty(PatchStates.Read(_root / "states"));
    }

    [Theory]
    [InlineData("nova/tests/unit/test_x.py", true)]
    [InlineData("nova/tests/fixtures/nova.py", true)]
    [InlineData("test_all.py", true)]
    [InlineData("nova/testing.py", false)]
    [InlineData("nova/attestation/x.py", false)]
    [InlineData("doc/tests.rst", false)]
    public void TestsAreWhatLiesAmongTests(string path, bool isTest) =>
        Assert.Equal(isTest, PatchStates.IsTest(path));

    void Write(string path, string text)
    {
        Directory.CreateDirectory((_root / path).Parent!);
        File.WriteAllText(_root / path, text);
    }

    string Read(string path) => File.ReadAllText(_root / path);
}
