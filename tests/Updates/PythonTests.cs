using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Indexes;
using OpenStack.Tests.Constraints;
using OpenStack.Updates;

namespace OpenStack.Tests.Updates;

/// <summary>Pins of Python distributions against the upper constraints and an index.</summary>
public sealed class PythonTests : IDisposable
{
    const string Uwsgi = """
        {"meta":{"api-version":"1.1"},"name":"uwsgi","files":[
          {"filename":"uwsgi-2.0.9.tar.gz","url":"a","hashes":{},"yanked":false},
          {"filename":"uwsgi-2.0.28.tar.gz","url":"b","hashes":{},"requires-python":null,
            "upload-time":"2024-10-26T06:21:41.123Z"},
          {"filename":"uwsgi-2.0.29-1-cp312-abi3.none-manylinux_2_17_x86_64.manylinux2014_aarch64.whl","url":"c",
            "hashes":{},"requires-python":">=3.9,!=3.10.*"},
          {"filename":"uwsgi-2.0.29.tar.gz","url":"d","hashes":{"sha256":"00"}},
          {"filename":"uWSGI-2.0.30.tar.gz","url":"e","hashes":{},"yanked":true},
          {"filename":"uwsgi-2.0.30.zip","url":"f","hashes":{}},
          {"filename":"uwsgi-2.0.31.tar.gz","url":"g","hashes":{},"yanked":"broken"},
          {"filename":"uwsgi-2.1rc1.tar.gz","url":"h","hashes":{}},
          {"filename":"uwsgi-not-a-version.tar.gz","url":"i","hashes":{}}]}
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
        _server.Answer = x => x.Path == "/simple/uwsgi/" ? Json(Uwsgi) : new FakeAnswer(404, "{}");
        Assert.Equal("2.0.30", await NewestAsync(PythonName.Of("uWSGI")));
        Assert.Contains("no index has a distribution 'other-one'; expected one in ",
            (await Assert.ThrowsAsync<ProblemException>(() => NewestAsync(PythonName.Of("Other_One")))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task AnIndexThatIsBusyIsAskedAgain(int status)
    {
        var answers = 0;
        _server.Answer =
            _ => answers++ < 2 ? new FakeAnswer(status, "busy", ("Retry-After", "0")) : Json(Uwsgi);
        Assert.Equal("2.0.30", await NewestAsync(PythonName.Of("uwsgi")));
        answers = -10;
        await Assert.ThrowsAsync<ProblemException>(() => NewestAsync(PythonName.Of("uwsgi")));
    }

    [Fact]
    [Trait("Fuzz", "yes")]
    public async Task WhateverAnIndexAnswersItIsReadOrReported()
    {
        var mutator = new Mutator(seed: 5);
        var reported = 0;
        _server.Answer = _ => Json(mutator.Mutate(Uwsgi));
        for (var i = 0; i < 2_000; i++)
        {
            try
            {
                await NewestAsync(PythonName.Of("uwsgi"));
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
    [InlineData("Django===4.2.16;python_version>='3.10'", FindingState.Obsolete, "4.2.17",
        "the upper constraints are newer")]
    [InlineData("uwsgi===2.0.28", FindingState.Outdated, "2.0.30", "")]
    [InlineData("uwsgi===2.0.30", FindingState.Current, null, "")]
    public async Task AnOverrideThatUpstreamHasCaughtUpWithIsObsolete(string line, FindingState state, string? newest,
        string detail)
    {
        var upper = UpperConstraints.Parse(
            "cryptography===43.0.3\ndjango===4.2.17;python_version>='3.10'\ndjango===3.2.1;python_version=='3.9'\n",
            "u");
        var finding = Assert.Single((await CheckAsync(upper, ConstraintOverrides.Parse(line, "o"), null)).Findings);
        Assert.Equal((state, newest, detail, "o", 1),
            (finding.State, finding.Newest, finding.Detail, finding.File, finding.Line));
    }

    [Theory]
    [InlineData("uwsgi<2.0.29", FindingState.Held, "2.0.30")]
    [InlineData("uwsgi>=2", FindingState.Current, null)]
    [InlineData("uwsgi==2.0.9", FindingState.Outdated, "2.0.30")]
    public async Task ABoundOnABuildRequirementIsMeantAndAPinIsNot(string line, FindingState state, string? newest)
    {
        var finding = Assert.Single((await CheckAsync(new UpperConstraints([]), null,
            BuildConstraints.Parse(line, "b"))).Findings);
        Assert.Equal((state, newest), (finding.State, finding.Newest));
    }

    [Fact]
    public async Task OneThatCannotBeLookedUpDoesNotHideTheOthers()
    {
        var (findings, problems) = await new PythonPinCheck(x => x.Value == "uwsgi"
            ? Task.FromResult(Has("2.0.28", "2.0.30")) : throw new ProblemException("no answer"), s_noble)
            .RunAsync("2025.1", new UpperConstraints([]),
                ConstraintOverrides.Parse("lhafile===0.3.1\nuwsgi===2.0.28\n", "o"), null, null);
        Assert.Equal([FindingState.Unknown, FindingState.Outdated], findings.Select(x => x.State));
        Assert.Equal("o:1: no answer", Assert.Single(problems).ToString());
    }

    /// <summary>PEP 345, PEP 592 and the tags of wheels: what pip 24 on Ubuntu noble's Python 3.12.3 would take of
    /// these for both platforms.</summary>
    [Theory]
    [InlineData(">=3.9", "", "2.0", "")]
    [InlineData(">=3.14", "", "1.0", "2.0 is not for images: it needs Python >=3.14, and images have 3.12.3")]
    [InlineData(">=3.12.4", "", "1.0", "2.0 is not for images: it needs Python >=3.12.4, and images have 3.12.3")]
    [InlineData(">=3.9,<3.12", "", "1.0", "2.0 is not for images: it needs Python >=3.9,<3.12, and images have 3.12.3")]
    [InlineData(">=2.7, !=3.0.*, !=3.1.*", "", "2.0", "")]
    [InlineData("!=3.12.*", "", "1.0", "2.0 is not for images: it needs Python !=3.12.*, and images have 3.12.3")]
    [InlineData(">=3.8,", "", "2.0", "")]
    [InlineData("not a specifier", "", "2.0", "")]
    [InlineData(null, "x-2.0.tar.gz", "2.0", "")]
    [InlineData(null, "x-2.0-py2.py3-none-any.whl", "2.0", "")]
    [InlineData(null, "x-2.0-cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", "1.0",
        "2.0 is not for images: it has no file for linux/arm64")]
    [InlineData(null, "x-2.0-cp312-cp312-manylinux_2_17_x86_64.manylinux_2_17_aarch64.whl", "2.0", "")]
    [InlineData(null, "x-2.0-cp39-abi3-manylinux_2_17_x86_64.manylinux_2_17_aarch64.whl", "2.0", "")]
    [InlineData(null, "x-2.0-cp313-cp313-manylinux_2_17_x86_64.manylinux_2_17_aarch64.whl", "1.0",
        "2.0 is not for images: it has no file for Python 3.12.3")]
    [InlineData(null, "x-2.0-cp311-cp311-manylinux_2_17_x86_64.manylinux_2_17_aarch64.whl", "1.0",
        "2.0 is not for images: it has no file for Python 3.12.3")]
    [InlineData(null, "x-2.0-1-py3-none-win_amd64.whl", "1.0", "2.0 is not for images: it has no file for linux/amd64")]
    [InlineData(null, "x-2.0-py3-none-musllinux_1_2_x86_64.whl", "1.0",
        "2.0 is not for images: it has no file for linux/amd64")]
    [InlineData(null, "x-2.0-py3.12.egg", "1.0",
        "2.0 is not for images: of it there is x-2.0-py3.12.egg, which nothing installs any more")]
    public void AVersionThatTheImagesCannotHaveIsPassedOver(string? requires, string file, string newest, string passed)
    {
        var choice = IndexChoice.Of([.. Has("1.0"), Version("2.0", Named(file, requires))],
            s_noble, []);
        Assert.Equal((newest, passed, ""), (choice.Newest?.Version.Text, choice.Passed, choice.Unknown));
    }

    [Fact]
    public void OneFileThatFitsIsEnough()
    {
        var files = (ProjectFile[])[Named("x-2.0-cp313-cp313-win_amd64.whl", ">=3.13"),
            Named("x-2.0.tar.gz") with { IsYanked = true }, Named("x-2.0-py3-none-any.whl", ">=3.10")];
        Assert.Equal("2.0", IndexChoice.Of([.. Has("1.0"), Version("2.0", files)], s_noble, []).Newest?.Version.Text);
        Assert.Equal("1.0", IndexChoice.Of([.. Has("1.0"), Version("2.0", files[..2])], s_noble,
            []).Newest?.Version.Text);
    }

    /// <summary>PEP 440, "Handling of pre-releases".</summary>
    [Fact]
    public void PreReleasesCountWhereThereIsNothingElse()
    {
        Assert.Equal("1.0", IndexChoice.Of(Has("1.0", "2.0b1"), s_noble, []).Newest?.Version.Text);
        Assert.Equal("2.0b1", IndexChoice.Of(Has("1.0a1", "2.0b1"), s_noble, []).Newest?.Version.Text);
    }

    /// <summary>Where the Python of images is not known, or half of it, what depends on it is not known either; what
    /// does not is.</summary>
    [Fact]
    public async Task WhatDependsOnAPythonThatNobodyKnowsIsNotKnown()
    {
        var nobody = ImagePython.Of("gentoo-2026", ["linux/amd64"], () => null);
        IReadOnlyList<IndexedVersion> versions = [.. Has("2.0.28", "2.0.30"),
            Version("2.0.31", Named("x.tar.gz", ">=3.10"))];
        var (findings, problems) = await new PythonPinCheck(_ => Task.FromResult(versions), nobody)
            .RunAsync("2025.1", new UpperConstraints([]), ConstraintOverrides.Parse("uwsgi===2.0.30\n", "o"), null,
            null);
        Assert.Equal(FindingState.Unknown, Assert.Single(findings).State);
        Assert.Equal("whether images can have 2.0.31 is not known: it needs Python >=3.10, and which Python images "
            + "on gentoo-2026 have is not known before python-base is built", findings[0].Detail);
        Assert.Empty(problems);
        Assert.Equal(FindingState.Current,
            (await new PythonPinCheck(_ => Task.FromResult(Has("2.0.30")), nobody).RunAsync("2025.1",
                new UpperConstraints([]), ConstraintOverrides.Parse("uwsgi===2.0.30\n", "o"), null,
                null)).Findings[0].State);
        var half = ImagePython.Of("gentoo-2026", ["linux/amd64"], () => "3.12");
        Assert.Equal("", IndexChoice.Of(versions, half, []).Unknown);
        Assert.Contains("of the images' Python only 3.12 is known",
            IndexChoice.Of([Version("1", Named("x.tar.gz", ">=3.12.4"))], half, []).Unknown,
            StringComparison.Ordinal);
        Assert.Equal("3.12.3", ImagePython.Of("ubuntu-noble", [], () => "3.9").Version);
    }

    [Theory]
    [InlineData("setuptools===80.9.0 # <81: pkg_resources is gone from 81 on", FindingState.Outdated, "80.10.2",
        "80.10.2")]
    [InlineData("setuptools===80.10.2 # <81: pkg_resources is gone from 81 on", FindingState.Held, "82.0.1", "")]
    [InlineData("# >=80, <81: why\nsetuptools===80.10.2", FindingState.Held, "82.0.1", "")]
    [InlineData("setuptools===80.10.2 # keep it below <81: or so", FindingState.Outdated, "82.0.1", "82.0.1")]
    [InlineData("setuptools===82.0.1", FindingState.Current, null, "")]
    [InlineData("setuptools==80.9", FindingState.Outdated, "82.0.1", "80.10.2 82.0.1")]
    [InlineData("setuptools===80.9.0;python_version<'3.10'", FindingState.Current, null, "")]
    public async Task ACommentMayKeepAnOverrideBelowABound(string text, FindingState state, string? newest,
        string newer)
    {
        var finding = Assert.Single((await new PythonPinCheck(_ => Task.FromResult(Has("80.9.0", "80.10.2", "82.0.1")),
            s_noble)
            .RunAsync("2025.1", new UpperConstraints([]), ConstraintOverrides.Parse(text, "o"), null, null)).Findings);
        Assert.Equal((state, newest, newer), (finding.State, finding.Newest, string.Join(' ', finding.Newer)));
    }

    [Theory]
    [InlineData("setuptools===80.9.0 # <81.*: it is gone",
        "o:1: '<81.*' in the comment of 'setuptools' bounds nothing: '<' does not compare with a prefix, '81.*'")]
    [InlineData("setuptools===80.9.0 # ~=81: it is gone",
        "o:1: '~=81' in the comment of 'setuptools' bounds nothing: '~=' compares with two numbers or more")]
    [InlineData("setuptools===80.9.0 # >=80, =<81: it is gone",
        "o:1: '>=80, =<81' in the comment of 'setuptools' bounds nothing: '=<81' is not a version comparison")]
    public async Task ABoundThatCannotBeReadIsSaid(string text, string expected)
    {
        var (findings, problems) = await CheckAsync(new UpperConstraints([]),
            ConstraintOverrides.Parse(text, "o"), null);
        Assert.Equal(FindingState.Unknown, Assert.Single(findings).State);
        Assert.StartsWith(expected, Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"broken\"", true)]
    [InlineData("false", false)]
    [InlineData("\"\"", false)]
    [InlineData("null", false)]
    public async Task WhyAFileIsYankedSaysThatItIs(string yanked, bool expected)
    {
        _server.Answer = _ => Json("{\"files\":[{\"filename\":\"x-1.zip\",\"url\":\"x\",\"hashes\":{},\"yanked\":"
            + yanked + "}]}");
        Assert.Equal(expected, Assert.Single(await Indexes().VersionsAsync(PythonName.Of("x"))).IsYanked);
    }

    [Fact]
    public async Task AVersionThatIsYankedOrGoneIsSaid()
    {
        IReadOnlyList<IndexedVersion> versions = [.. Has("2.0.28"),
            Version("2.0.29", Named("x.tar.gz") with { IsYanked = true })];
        async Task<Finding> CheckAsync(string line) =>
            (await new PythonPinCheck(_ => Task.FromResult(versions), s_noble).RunAsync("r", new UpperConstraints([]),
            ConstraintOverrides.Parse(line, "o"), null, null)).Findings[0];
        Assert.StartsWith("2.0.29 is yanked", (await CheckAsync("uwsgi===2.0.29")).Detail, StringComparison.Ordinal);
        Assert.StartsWith("the index has no 2.0.27", (await CheckAsync("uwsgi===2.0.27")).Detail,
            StringComparison.Ordinal);
    }

    static readonly ImagePython s_noble = ImagePython.Of("ubuntu-noble", ["linux/amd64", "linux/arm64"],
        () => throw new InvalidOperationException("it is known"));

    static IReadOnlyList<IndexedVersion> Has(params IReadOnlyList<string> versions) =>
        [.. versions.Select(x => Version(x, Named($"x-{x}.tar.gz")))];

    static IndexedVersion Version(string version, params IReadOnlyList<ProjectFile> files) =>
        new(PythonVersion.Parse(version), files);

    async Task<string?> NewestAsync(PythonName name) =>
        IndexChoice.Of(await Indexes().VersionsAsync(name), s_noble, []).Newest?.Version.Text;

    static Task<(IReadOnlyList<Finding> Findings, IReadOnlyList<Problem> Problems)> CheckAsync(UpperConstraints upper,
        ConstraintOverrides? overrides, BuildConstraints? build) =>
        new PythonPinCheck(_ => Task.FromResult(Has("2.0.9", "2.0.28", "2.0.30")), s_noble)
            .RunAsync("2025.1", upper, overrides, build, "b");

    IndexList Indexes() => new([new SimpleIndex(_client,
        new PackageIndex("", new Uri(_server.Url, "simple")), TimeSpan.FromMilliseconds(1))]);

    static ProjectFile Named(string name, string? requires = null) =>
        new(name, new Uri("https://i.example/x"), null) { RequiresPython = requires };

    static FakeAnswer Json(string text) =>
        new(200, text, ("Content-Type", "application/vnd.pypi.simple.v1+json"));
}
