using System.Text.Json.Nodes;
using System.Xml.Linq;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.EndToEnd;

/// <summary>
/// A component in C with what is linked into it, small, but with all that the large ones have: added by the command,
/// patched in both trees, built, tried, tested, tagged and listed.
/// </summary>
[Trait("Group", "Lab")]
public sealed class NativeTests : IDisposable
{
    const string Url = "https://example.org/small";

    readonly RepositoryCopy _repository = new();
    readonly AbsolutePath _temporary = Directory.CreateTempSubdirectory("native-").FullName;

    public NativeTests() => _repository.WithLab();

    public void Dispose()
    {
        _repository.Dispose();
        Directory.Delete(_temporary, recursive: true);
    }

    [Fact]
    public async Task AComponentInCTakesTheSameWay()
    {
        MakeUpstreams();
        var mirror = $"--git-mirror {_temporary}";
        (await _repository.RunAsync("AddService --kind native --service small --release 2025.1 --no-logo "
            + $"--source-url file://{_temporary}/small {mirror}")).ShouldSucceed();
        Assert.Contains($"small: {{ ref: \"v1.2.0\", url: \"file://{_temporary}/small\" }}",
            Text("releases/2025.1/source-refs.yaml"), StringComparison.Ordinal);
        FillIn();

        var run = (await _repository.RunAsync("CheckPatches TestImage Tags Sbom --build-branch main --service small "
            + $"--release 2025.1 --profile lab --no-logo {mirror}")).ShouldSucceed();

        Assert.Contains("small 2025.1: nothing to constrain", run.Output, StringComparison.Ordinal);
        Assert.Contains("0 failed", run.Output, StringComparison.Ordinal);
        Assert.Contains("1.2.0-p2", Text("artifacts/2025.1/small/tags.json"), StringComparison.Ordinal);
        var sbom = JsonNode.Parse(Text($"artifacts/2025.1/small/sbom/{PlatformName.ForFiles(PlatformName.Native)}"
            + ".cdx.json"))!;
        var listed = sbom["components"]!.AsArray().ToDictionary(x => (string)x!["bom-ref"]!, x => x!);
        var patch = listed["pkg:generic/small@1.2.0"]["pedigree"]!["patches"]![0]!;
        Assert.Equal("CVE-2026-12345", (string?)patch["resolves"]![0]!["id"]);
        Assert.Equal("1.0.0", (string?)listed["pkg:generic/linked@1.0.0"]["version"]);

        await TestAsync(mirror);
        (await _repository.RunAsync("Package --service small --release 2025.1 --profile lab --no-logo --skip"))
            .ShouldFail("packages are made of Python services, and small is none");
    }

    /// <summary>
    /// Its suite runs where it was built, with what the image has: what fails once is flaky, what is left out is
    /// counted, and of what fails it is told what it printed.
    /// </summary>
    async Task TestAsync(string mirror)
    {
        var test = $"TestSource --service small --release 2025.1 --profile lab --no-logo {mirror}";
        _repository.Write("images/small/tests.yaml", "runner: autotest\nexclude:\n  - tests: '^suite\\.at: it fails$'\n"
            + "    reason: It always has\n    until: 2099-01-01\n");
        // Passed, failed, flaky, skipped, left out.
        Assert.Matches(@"small 2025\.1 +3 +0 +1 +1 +1 ", (await _repository.RunAsync(test)).ShouldSucceed().Output);
        var cases = XDocument.Load(_repository.Root / "artifacts/2025.1/small/platforms"
            / PlatformName.ForFiles(PlatformName.Native) / "tests/small/junit.xml").Descendants("testcase");
        Assert.Equal(["it answers", "it cannot yet", "it comes and goes", "it ends", "it is for other machines"],
            cases.Select(x => x.Attribute("name")!.Value).Order(StringComparer.Ordinal));
        Assert.All(cases, x => Assert.Equal("suite.at", x.Attribute("classname")!.Value));

        _repository.Write("images/small/tests.yaml", "runner: autotest\n");
        (await _repository.RunAsync($"{test} --filter fails")).ShouldFail("small 2025.1: suite.at: it fails failed",
            "what it says");
    }

    /// <summary>A program that is compiled with a header of another repository.</summary>
    void MakeUpstreams()
    {
        var linked = new Upstream(_temporary / "linked");
        linked.Commit("x", ("answer.h", "#define ANSWER 41\n"));
        linked.Tag("v1.0.0");
        var small = new Upstream(_temporary / "small");
        small.Commit("x",
            ("small.c", """
                #include <stdio.h>
                #include "answer.h"
                int main(void) { printf("%d %s\n", ANSWER, WORD); return 0; }

                """),
            ("small.h", "#define WORD \"before\"\n"),
            ("configure", "#!/bin/sh\n"),
            ("Makefile", "small: small.c\n"
                + "\t$(CC) $(CFLAGS) -I/source/linked -include small.h -o small small.c\n"
                + "install-strip: small\n"
                + "\tinstall -s -D small $(DESTDIR)/usr/bin/small\n"
                + "\tinstall -D small.h $(DESTDIR)/usr/include/small.h\n"
                + "tests/suite: tests/suite.at\n"
                + "\tcd tests && autom4te --language=autotest --output=testsuite suite.at && touch suite\n"
                + "check: small tests/suite\n"
                + "\tcd tests && sh ./testsuite $(TESTSUITEFLAGS)\n"),
            ("tests/suite.at", """
                m4_define([AT_PACKAGE_STRING], [small 1.2.0])
                m4_define([AT_PACKAGE_BUGREPORT], [a@example.org])
                AT_INIT
                AT_SETUP([it answers])
                AT_CHECK([../../../small], [0], [42 after
                ])
                AT_CLEANUP
                AT_SETUP([it is for other machines])
                AT_SKIP_IF([:])
                AT_CLEANUP
                AT_SETUP([it comes and goes])
                AT_CHECK([test -e /tmp/came || { touch /tmp/came; false; }])
                AT_CLEANUP
                AT_SETUP([it ends])
                AT_CHECK([(sleep 0.1 & echo $! > pid); sleep 1; kill -0 $(cat pid)], [1], [ignore], [ignore])
                AT_CLEANUP
                AT_SETUP([it cannot yet])
                AT_XFAIL_IF([:])
                AT_CHECK([false])
                AT_CLEANUP
                AT_SETUP([it fails])
                AT_CHECK([echo what it says; false], [0], [ignore])
                AT_CLEANUP

                """));
        small.Git("update-index", "--chmod=+x", "configure");
        small.Git("commit", "--quiet", "-m", "y");
        small.Tag("v0.9.0");
        small.Tag("v1.2.0");
    }

    /// <summary>What the command has left to a person, a second tree, and a patch of each.</summary>
    void FillIn()
    {
        const string refs = "releases/2025.1/source-refs.yaml";
        _repository.Edit(refs, $"file://{_temporary}/small", Url);
        _repository.Edit(refs, "small:", $"linked: {{ ref: v1.0.0, url: {Url}-linked }}\nsmall:");
        Append("releases/2025.1/extra-packages.yaml", "\nsmall:\n  plugins: [linked]\n");
        Append("images/bindep.txt", "autoconf [small-build]\nccache [small-build]\n");
        _repository.Edit("images/small/Dockerfile", "    build-autotools",
            "    --mount=type=bind,from=linked,target=/source/linked \\\n    build-autotools");
        _repository.Write("images/small/contract.yaml", """
            commands:
              - run: [small]
                prints: "42 after"
            root-commands:
              - run: [python3, -c, "import os; print(os.getuid())"]
                prints: "0"
            absent: [usr/include/small.h]
            """);
        _repository.Write("patches/small/2025.1/0001-word.patch", "From: A <a@example.org>\n"
            + "Subject: [PATCH] Say after\n\nCVE-2026-12345\n---\n--- a/small.h\n+++ b/small.h\n@@ -1 +1 @@\n"
            + "-#define WORD \"before\"\n+#define WORD \"after\"\n");
        _repository.Write("patches/linked/2025.1/0001-answer.patch", "From: A <a@example.org>\nSubject: [PATCH] 42\n"
            + "---\n--- a/answer.h\n+++ b/answer.h\n@@ -1 +1 @@\n-#define ANSWER 41\n+#define ANSWER 42\n");
        _repository.Commit();
    }

    void Append(string path, string text) => File.AppendAllText(_repository.Root / path, text);

    string Text(string path) => File.ReadAllText(_repository.Root / path);
}
