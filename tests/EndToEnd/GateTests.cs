using OpenStack.Pipeline.Development;
using OpenStack.Tests.Sbom;
using OpenStack.Tests.Updates;

namespace OpenStack.Tests.EndToEnd;

/// <summary>A gate that looked at nothing is not passed: whatever may be empty is a problem that says what to do
/// first.</summary>
public sealed class GateTests : IDisposable
{
    readonly RepositoryCopy _repository = new();

    public void Dispose() => _repository.Dispose();

    [Theory]
    [InlineData("Scan --service keystone --release 2025.1 --skip --no-logo",
        "artifacts/2025.1/keystone/image is not there. Run the target BuildService first, or do not skip it")]
    [InlineData("Push --service keystone --release 2025.1 --skip --no-logo", "Run the target")]
    [InlineData("Join --service keystone --release 2025.1 --skip --no-logo", "Build it for linux/")]
    [InlineData("Load --service keystone --release 2025.1 --skip --no-logo", "Run the target BuildService first")]
    [InlineData("Export --service keystone --release 2025.1 --skip --no-logo", "Run the target BuildService first")]
    [InlineData("TestImage --service keystone --release 2025.1 --skip --no-logo", "Run the target Patch first")]
    [InlineData("Tags --service python-base --skip --no-logo", "python-base is not built, and no service is "
        + "selected: there is nothing to tag. Run the target BuildBase first")]
    [InlineData("Scan --service python-base --skip --no-logo",
        "Scan works on the images of services, and --service names python-base alone")]
    [InlineData("TestImage --service python-base --skip --no-logo", "TestImage works on the images of services")]
    [InlineData("Package --service keystone --release 2025.1 --skip --no-logo", "Run the target Patch first")]
    [InlineData("Package --service python-base --skip --no-logo", "Package works on the images of services")]
    [InlineData("TestPackage --service python-base --skip --no-logo", "TestPackage works on the images of services")]
    [InlineData("PushPackages --service python-base --skip --no-logo", "PushPackages works on the images of services")]
    [InlineData("VerifyPackages --no-logo", "it is not said where the repository of packages is")]
    [InlineData("PrunePackages --package-repository nosuch --no-logo", "there is no package in ")]
    [InlineData("Load --service python-base --skip --no-logo", "Load works on the images of services")]
    [InlineData("Export --service python-base --skip --no-logo", "Export works on the images of services")]
    [InlineData("SbomDiff --service python-base --skip --no-logo", "SbomDiff works on the images of services")]
    [InlineData("ReleaseNotes --service python-base --skip --no-logo", "ReleaseNotes works on the images of services")]
    [InlineData("RecordClosures --service python-base --skip --no-logo",
        "RecordClosures works on the images of services")]
    [InlineData("Prefetch --service keystone --release 2025.1 --no-logo",
        "there is no lock of keystone 2025.1 linux/")]
    [InlineData("Lock --service keystone --release 2025.1 --skip --no-logo", "Run the target Patch first")]
    [InlineData("Affected --service python-base --no-logo", "Affected works on the images of services")]
    [InlineData("CheckPatches --service placement --release 2025.1 --no-logo",
        "there is no patch to judge: none of placement 2025.1 has one")]
    public async Task WhatIsNotThereIsNoPass(string arguments, string saying)
    {
        if (arguments.StartsWith("Tags", StringComparison.Ordinal)) Commit();
        (await _repository.RunAsync(arguments)).ShouldFail(saying);
    }

    /// <summary>One SBOM of two, or one of an image that is not there any more, is not that of the image.</summary>
    [Fact]
    public async Task AnImageIsScannedByItsOwnSbom()
    {
        const string scan = "Scan --service keystone --release 2025.1 --skip --no-logo";
        using var image = new SmallImage().Layer(("var/lib/dpkg/status", SmallService.Status));
        image.Write();
        Directory.CreateDirectory(_repository.Service / "sbom");
        Directory.Move(image.Directory / "image", _repository.Service / "image");
        (await _repository.RunAsync(scan)).ShouldFail("is not there. Run the target Sbom first, or do not skip it");
        // That of a platform which the image has not.
        _repository.Write("artifacts/2025.1/keystone/sbom/linux-riscv64.cdx.json", "{}");
        (await _repository.RunAsync(scan)).ShouldFail("is not there. Run the target Sbom first, or do not skip it");
        _repository.Write("artifacts/2025.1/keystone/sbom/linux-amd64.cdx.json", "{}");
        _repository.Write("artifacts/2025.1/keystone/sbom.inputs.json",
            $"{{\"image.digest\": \"sha256:{new string('0', 64)}\"}}");
        (await _repository.RunAsync(scan)).ShouldFail($"is of the image sha256:{new string('0', 64)}, and keystone "
            + "2025.1 is sha256:", "Run the target Sbom first");
    }

    [Fact]
    public async Task ARegistryThatHasNothingIsNotPruned()
    {
        Commit();
        using var server = new FakeServer();
        server.Answer = x => x.Path == "/v2/" ? new FakeAnswer(200, "{}") : new FakeAnswer(404, "{}");
        (await _repository.RunAsync($"Prune --push-to {server.Url.Authority}/c5c4 --no-logo"))
            .ShouldFail($"nothing is published at {server.Url.Authority}/c5c4", "Check --registry and --push-to");
        Directory.Delete(_repository.Root / ".git", recursive: true);
        (await _repository.RunAsync($"Prune --push-to {server.Url.Authority}/c5c4 --no-logo"))
            .ShouldFail("is no git repository with a commit: it has no .git. How old a build is, its commits say");
    }

    [Fact]
    public void TestsThatDidNotRunDidNotPass()
    {
        Assert.Equal("No test ran: the filter 'Group=Nothing' selects none, or all that it selects were skipped. "
            + "See which there are: dotnet test tests/Tests.csproj --list-tests",
            Assert.Single(TestRun.Judge(new TestCounts(0, 0), "Group=Nothing", succeeded: true)).ToString());
        Assert.Empty(TestRun.Judge(new TestCounts(1, 0), "", succeeded: true));
    }

    /// <summary>Whoever has the end of a log alone knows which tests failed, and of what.</summary>
    [Fact]
    public void TestsThatFailedAreNamedAtTheEnd()
    {
        var trx = _repository.Root / "tests.trx";
        File.WriteAllText(trx, """
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
              <UnitTestResult testName="House.Holds" outcome="Passed" duration="00:00:01.5000000" />
              <UnitTestResult testName="House.Leaks" outcome="Failed" duration="00:02:03.0000000"><Output><ErrorInfo>
                <Message>It rains in</Message><StackTrace>at House.Leaks()</StackTrace></ErrorInfo></Output>
              </UnitTestResult>
              <UnitTestResult testName="House.Waits" outcome="NotExecuted" />
            </Results><ResultSummary outcome="Failed"><Counters total="3" executed="2" passed="1" failed="1" />
            </ResultSummary></TestRun>
            """);
        var counts = TestCounts.Read(trx);
        Assert.Equal([("House.Leaks", 123), ("House.Holds", 1.5)],
            counts.Slowest.Select(x => (x.Test, x.Duration.TotalSeconds)));
        var problems = TestRun.Judge(counts, "", succeeded: false);
        Assert.Equal(["Tests failed: 1 passed, 1 failed, 1 skipped", "House.Leaks: It rains in"],
            problems.Select(x => x.ToString()));
    }

    /// <summary>What a run failed of stands above its summary, once, and the page of a job, which has no log, has it
    /// too.</summary>
    [Fact]
    public async Task TheSummaryOfARunDoesNotRepeatItsProblems()
    {
        var page = _repository.Root / "page.md";
        var run = await _repository.RunAsync("Scan --service python-base --skip --no-logo",
            ("GITHUB_STEP_SUMMARY", page));
        run.ShouldFail("// Problems: 1, told above");
        Assert.Single(run.Output.Split('\n'), x => x.Contains("Scan works on", StringComparison.Ordinal)
            && !x.Contains("[ERR]", StringComparison.Ordinal));
        Assert.Contains("**Scan**: Scan works on the images of services", await File.ReadAllTextAsync(page),
            StringComparison.Ordinal);
    }

    void Commit()
    {
        foreach (var arguments in (string[][])[["init", "-q"], ["add", "--all"], ["commit", "-q", "-m", "Begin"]])
            RepositoryCopy.Git(_repository.Root, arguments);
    }
}
