using System.Text.Json;
using OpenStack.Processes;
using OpenStack.Tests.Python;

namespace OpenStack.Tests.UpstreamTests;

/// <summary>What <c>run_tests.py</c> makes of a patch's tests, asked of itself, by the machine's Python.</summary>
[Trait("Group", "Lab")]
public sealed class RunTestsTests
{
    const string Ask = """
        import importlib.util, json, os, sys, tempfile
        os.environ["REQUEST"] = "{}"
        spec = importlib.util.spec_from_file_location("run_tests", sys.argv[1])
        program = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(program)
        before, after, tests = json.load(sys.stdin)
        with tempfile.TemporaryDirectory() as directory:
            for name, text in (("before", before), ("after", after)):
                if text is not None:
                    with open(f"{directory}/{name}", "w") as file:
                        file.write(text)
            changed = program.changed_tests(f"{directory}/before", f"{directory}/after")
        wanted = program.selector({"a.tests.test_b": changed}, ["left_out"])
        program.tell(changed=sorted(f"{x}.{y}" for x, y in changed), wanted=[x for x in tests if wanted(x)])
        """;

    const string Module = """
        import unittest
        VALUE = 1
        def helper(): return VALUE
        class One(unittest.TestCase):
            def setUp(self): pass
            def test_a(self): pass
            def test_ab(self): pass
        class Two(One):
            def test_c(self): pass
        def test_d(): pass
        """;

    /// <summary>Ids as unittest, its parametrised tests and pytest make them.</summary>
    static readonly string[] s_tests =
    [
        "a.tests.test_b.One.test_a", "a.tests.test_b.One.test_ab", "a.tests.test_b.Two.test_a",
        "a.tests.test_b.Two.test_c", "a.tests.test_b.Two.test_c_1_left", "a.tests.test_b.Two.test_c(other)",
        "a/tests/test_b.py::test_d", "a.tests.test_bb.One.test_a", "a.tests.test_b.One.test_a_left_out",
    ];

    [Theory]
    [InlineData("VALUE = 1", "VALUE = 1", "", "")]
    [InlineData("import unittest", "import unittest\nimport os", "", "")]
    [InlineData("def test_c(self): pass", "def test_c(self): return", "Two.test_c", "Two.test_c Two.test_c_1_left "
        + "Two.test_c(other)")]
    // A subclass runs what it inherits, and a name may go on with that of data.
    [InlineData("def test_a(self): pass", "def test_a(self): return", "One.test_a", "One.test_a Two.test_a")]
    [InlineData("def setUp(self): pass", "def setUp(self): return", "One.None", "One.test_a One.test_ab")]
    [InlineData("class Two(One):", "class Two(One, object):", "Two.None",
        "Two.test_a Two.test_c Two.test_c_1_left Two.test_c(other)")]
    [InlineData("def test_d(): pass", "def test_d(): return", "None.test_d", "test_d")]
    // What tests use tells which they are only where nothing else does.
    [InlineData("VALUE = 1", "VALUE = 2", "None.None", "One.test_a One.test_ab Two.test_a Two.test_c Two.test_c_1_left "
        + "Two.test_c(other) test_d")]
    [InlineData("def helper(): return VALUE", "def helper(): return 2", "None.None", "One.test_a One.test_ab "
        + "Two.test_a Two.test_c Two.test_c_1_left Two.test_c(other) test_d")]
    [InlineData("VALUE = 1\n", "VALUE = 2\ndef test_e(): pass\n", "None.test_e", "")]
    public async Task TheTestsOfAPatchAreThoseThatItChanges(string part, string instead, string changed, string wanted)
    {
        Assert.Contains(part, Module, StringComparison.Ordinal);
        var (found, picked) = await AskAsync(Module, Module.Replace(part, instead, StringComparison.Ordinal));
        Assert.Equal(changed, string.Join(' ', found));
        Assert.Equal(wanted, string.Join(' ', picked.Select(x => x["a.tests.test_b.".Length..].Replace("py::", "",
            StringComparison.Ordinal))));
    }

    [Fact]
    public async Task OfANewModuleAllAreAndOfNoneWithoutTestsNothingIs()
    {
        var (found, picked) = await AskAsync(null, Module);
        Assert.Equal(["None.test_d", "One.None", "One.test_a", "One.test_ab", "Two.None", "Two.test_c"], found);
        Assert.Equal(s_tests[..7], picked);
        (found, _) = await AskAsync(null, "import os\n");
        Assert.Empty(found);
    }

    /// <summary>A class that is skipped is told once, and all its tests are skipped for that reason.</summary>
    [Fact]
    public async Task AClassThatIsSkippedIsAllItsTests()
    {
        const string follow = """
            import importlib.util, json, os, sys, types
            os.environ["REQUEST"] = json.dumps({"timeout": 60})
            spec = importlib.util.spec_from_file_location("run_tests", sys.argv[1])
            program = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(program)

            # What hands on what a stream says of tests: here they are said as they are.
            class Results:
                def __init__(self, *of): self.of = of
                def startTestRun(self): pass
                def stopTestRun(self): pass
            class Stream:
                def __init__(self, source, **_): pass
                def run(self, result):
                    for test, status, reason in (
                            ("setUpClass (a.B)", "skip", "there is no network"), ("a.C.test_z", "success", ""),
                            ("setUpClass (a.D)", "fail", "it is wrong")):
                        details = {"reason": types.SimpleNamespace(as_text=lambda reason=reason: reason)}
                        told = {"id": test, "status": status, "timestamps": [None, None], "details": details}
                        result.of[1].of[0](told)
            sys.modules["testtools"] = types.SimpleNamespace(
                CopyStreamResult=lambda of: Results(*of), StreamResult=Results, StreamToDict=Results)
            sys.modules["subunit"] = types.SimpleNamespace(ByteStreamToStreamResult=Stream)
            program.Stestr.follow("x", None, 0, lambda: 0, ["a.B.test_x", "a.B.test_y[id]", "a.C.test_z", "a.D.test_v"])
            """;
        var result = await new Command(Oracle.Program, "-c", follow,
            RepositoryRoot.Path / "build" / "UpstreamTests" / "run_tests.py").RequireAsync();
        Assert.Equal(
        [
            "a.B.test_x skip there is no network", "a.B.test_y[id] skip there is no network", "a.C.test_z success ",
            "setUpClass (a.D) fail it is wrong",
            "1 tests were not run, such as a.D.test_v (exit code 0)",
        ], result.Lines.Select(x =>
        {
            using var answer = JsonDocument.Parse(x);
            string Of(string name) => answer.RootElement.GetProperty(name).GetString()!;
            return answer.RootElement.TryGetProperty("problem", out var problem) ? problem.GetString()
                : $"{Of("test")} {Of("status")} {Of("text")}";
        }));
    }

    static async Task<(string[] Changed, string[] Wanted)> AskAsync(string? before, string after)
    {
        var result = await new Command(Oracle.Program, "-c", Ask,
            RepositoryRoot.Path / "build" / "UpstreamTests" / "run_tests.py")
        {
            Input = JsonSerializer.Serialize((object?[])[before, after, s_tests]),
        }.RequireAsync();
        using var answer = JsonDocument.Parse(result.Output);
        string[] Of(string name) =>
            [.. answer.RootElement.GetProperty(name).EnumerateArray().Select(x => x.GetString()!)];
        return (Of("changed"), Of("wanted"));
    }
}
