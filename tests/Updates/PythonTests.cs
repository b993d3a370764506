using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Tests.Constraints;
using OpenStack.Updates;

namespace OpenStack.Tests.Updates;

/// <summary>Pins of Python distributions against the upper constraints and an index.</summary>
public sealed class PythonTests : IDisposable
{
    const string Uwsgi = """
        {"info":{"version":"2.0.31"},"releases":{
          "2.0.9":[{"yanked":false}],
          "2.0.28":[{"yanked":false,"requires_python":null}],
          "2.0.30":[{"yanked":true},{"yanked":false}],
          "2.0.31":[{"yanked":true,"yanked_reason":"broken"}],
          "2.0.32":[],
          "2.1rc1":[{"yanked":false}],
          "not a version":[{"yanked":false}]}}
        """;

    readonly FakeServer _server = new();
    readonly HttpClient _client = new();

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task TheNewestIsNeitherYankedNorAPreReleaseNorWithoutFiles()
    {
        _server.Answer = x => x.Path == "/pypi/uwsgi/json" ? new FakeAnswer(200, Uwsgi) : new FakeAnswer(404, "{}");
        Assert.Equal("2.0.30", await Index().NewestAsync(PythonName.Of("uWSGI")));
        Assert.Contains("there is no distribution 'other-one'. Check its name", (await Assert.ThrowsAsync<ProblemException>(() => Index().NewestAsync(PythonName.Of("Other_One")))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task AnIndexThatIsBusyIsAskedAgain(int status)
    {
        var answers = 0;
        _server.Answer = _ => answers++ < 2 ? new FakeAnswer(status, "busy", ("Retry-After", "0")) : new FakeAnswer(200, Uwsgi);
        Assert.Equal("2.0.30", await Index().NewestAsync(PythonName.Of("uwsgi")));
        answers = -10;
        await Assert.ThrowsAsync<ProblemException>(() => Index().NewestAsync(PythonName.Of("uwsgi")));
    }

    [Fact]
    public async Task WhateverAnIndexAnswersItIsReadOrReported()
    {
        var mutator = new Mutator(seed: 5);
        var reported = 0;
        _server.Answer = _ => new FakeAnswer(200, mutator.Mutate(Uwsgi));
        for (var i = 0; i < 2_000; i++)
        {
            try
            {
                await Index().NewestAsync(PythonName.Of("uwsgi"));
            }
            catch (ProblemException)
            {
                reported++;
            }
        }

        Assert.InRange(reported, 500, 2_000);
    }

    [Theory]
    [InlineData("cryptography===43.0.3", FindingState.Obsolete, null, "the upper constraints say the same")]
    [InlineData("cryptography===42.0.0", FindingState.Obsolete, "43.0.3", "the upper constraints are newer")]
    [InlineData("cryptography===48.0.1", FindingState.Current, null, "the upper constraints say 43.0.3")]
    [InlineData("Django===4.2.16;python_version>='3.10'", FindingState.Obsolete, "4.2.17", "the upper constraints are newer")]
    [InlineData("uwsgi===2.0.28", FindingState.Outdated, "2.0.30", "")]
    [InlineData("uwsgi===2.0.30", FindingState.Current, null, "")]
    public async Task AnOverrideThatUpstreamHasCaughtUpWithIsObsolete(string line, FindingState state, string? newest, string detail)
    {
        var upper = UpperConstraints.Parse("cryptography===43.0.3\ndjango===4.2.17;python_version>='3.10'\ndjango===3.2.1;python_version=='3.9'\n", "u");
        var finding = Assert.Single((await CheckAsync(upper, ConstraintOverrides.Parse(line, "o"), null)).Findings);
        Assert.Equal((state, newest, detail, "o", 1), (finding.State, finding.Newest, finding.Detail, finding.File, finding.Line));
    }

    [Theory]
    [InlineData("uwsgi<2.0.29", FindingState.Held, "2.0.30")]
    [InlineData("uwsgi>=2", FindingState.Current, null)]
    [InlineData("uwsgi==2.0.9", FindingState.Outdated, "2.0.30")]
    public async Task ABoundOnABuildRequirementIsMeantAndAPinIsNot(string line, FindingState state, string? newest)
    {
        var finding = Assert.Single((await CheckAsync(new UpperConstraints([]), null, BuildConstraints.Parse(line, "b"))).Findings);
        Assert.Equal((state, newest), (finding.State, finding.Newest));
    }

    [Fact]
    public async Task OneThatCannotBeLookedUpDoesNotHideTheOthers()
    {
        var (findings, problems) = await new PythonPinCheck(x => x.Value == "uwsgi" ? Task.FromResult<string?>("2.0.30") : throw new ProblemException("no answer"))
            .RunAsync("2025.1", new UpperConstraints([]), ConstraintOverrides.Parse("lhafile===0.3.1\nuwsgi===2.0.28\n", "o"), null, null);
        Assert.Equal([FindingState.Unknown, FindingState.Outdated], findings.Select(x => x.State));
        Assert.Equal("o:1: no answer", Assert.Single(problems).ToString());
    }

    static Task<(IReadOnlyList<Finding> Findings, IReadOnlyList<Problem> Problems)> CheckAsync(UpperConstraints upper, ConstraintOverrides? overrides, BuildConstraints? build) =>
        new PythonPinCheck(_ => Task.FromResult<string?>("2.0.30")).RunAsync("2025.1", upper, overrides, build, "b");

    PythonIndex Index() => new(_client, _server.Url, TimeSpan.FromMilliseconds(1));
}
