using System.Text.Json;
using OpenStack.Images;
using OpenStack.Signing;
using OpenStack.Sources;

namespace OpenStack.Tests.Signing;

public sealed class ProvenanceTests
{
    static readonly string s_commit = string.Concat(Enumerable.Repeat("0123456789", 4));

    static string Sha(char digit) => "sha256:" + new string(digit, 64);

    static readonly SealedTree s_tree = new(
        new SourceTree(new ResolvedRef("keystone", "https://opendev.org/openstack/keystone", "27.0.0", RefKind.Tag,
            s_commit), DateTimeOffset.UnixEpoch, "keystone", "27.0.0"),
        [new AppliedPatch("0001-fix.patch", Sha('1'), [], PatchHeader.Parse(""))]);

    static Provenance Keystone() => new(
        "keystone",
        new PublicationTarget("ghcr.io/c5c3/keystone", ["27.0.0-p1-main-a1b2c3d", "2025.1"], ["2025.1"]),
        new Dictionary<string, string>
        {
            ["platform"] = "linux/amd64",
            ["source.revision"] = s_commit,
            ["source.remote"] = "https://opendev.org/openstack/keystone",
            ["base.name"] = "ghcr.io/c5c3/python-base",
            ["base.digest"] = Sha('b'),
            ["arg.PBR_VERSION"] = "27.0.0",
            ["arg.APT_PACKAGES"] = "libldap2 xmlsec1",
        })
    {
        Release = "2025.1",
        Ref = "27.0.0",
        Platforms = ["linux/amd64"],
        Builder = Builder.Of(_ => null),
        BuilderVersion = s_commit,
        Dependencies =
        [
            Materials.OfRepository(new BuildRevision("main", s_commit, IsDirty: true),
                "https://github.com/c5c3/openstack-images"),
            .. Materials.OfSource(s_tree, "2025.1", "source"),
            ResourceDescriptor.OfFile("constraints/constraints.txt", Sha('c')),
            ResourceDescriptor.OfFile("distributions/six-1.17.0-py2.py3-none-any.whl", Sha('d')),
            ResourceDescriptor.OfImage("python-base", "ghcr.io/c5c3/python-base", Sha('b')),
            ResourceDescriptor.OfImage("distribution", "ubuntu:noble", Sha('e')),
        ],
    };

    [Fact]
    public Task TheProvenanceOfAService() => Verify(Keystone().ToJson());

    [Fact]
    public void TheSameInputsGiveTheSameBytesInWhateverOrderTheyCome() =>
        Assert.Equal(Keystone().ToJson(),
            (Keystone() with { Inputs = Keystone().Inputs.Reverse().ToDictionary() }).ToJson());

    [Fact]
    public void AWorkflowIsTheBuilderAndItsRunTheInvocation()
    {
        var job = new Dictionary<string, string>
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_SERVER_URL"] = "https://github.com",
            ["GITHUB_REPOSITORY"] = "o/r",
            ["GITHUB_WORKFLOW_REF"] = "o/r/.github/workflows/publish.yml@refs/heads/main",
            ["GITHUB_RUN_ID"] = "42",
            ["GITHUB_RUN_ATTEMPT"] = "2",
        };
        Assert.Equal(
            new Builder("https://github.com/o/r/.github/workflows/publish.yml@refs/heads/main",
                "https://github.com/o/r/actions/runs/42/attempts/2"),
            Builder.Of(job.GetValueOrDefault));
        using var json = JsonDocument.Parse((Keystone() with { Builder = Builder.Of(job.GetValueOrDefault) }).ToJson());
        Assert.Equal("https://github.com/o/r/actions/runs/42/attempts/2",
            json.RootElement.GetProperty("runDetails").GetProperty("metadata").GetProperty("invocationId").GetString());
    }

    [Fact]
    public void WhatNobodyElseCanGetHasNoUri()
    {
        var local = s_tree with
        {
            Patches = [],
            Source = s_tree.Source with
            {
                Source = s_tree.Source.Source with
                {
                    Kind = RefKind.Local,
                    Local = new LocalState(Sha('f'), IsDirty: true),
                },
            },
        };
        var material = Assert.Single(Materials.OfSource(local, "2025.1", "source"));
        Assert.Equal((null, "sha256", new string('f', 64)), (material.Uri, material.Algorithm, material.Digest));
        Assert.Null(Materials.OfRepository(new BuildRevision("main", s_commit, IsDirty: false), null).Uri);
    }

    /// <summary>
    /// The members that SLSA requires, with their types, and that a reader finds again what was written.
    /// </summary>
    [Fact]
    public void ItHasTheShapeOfSlsaAndIsReadBack()
    {
        using var json = JsonDocument.Parse(Keystone().ToJson());
        var definition = json.RootElement.GetProperty("buildDefinition");
        Assert.True(Uri.TryCreate(definition.GetProperty("buildType").GetString(), UriKind.Absolute, out _));
        Assert.True(Uri.TryCreate(json.RootElement.GetProperty("runDetails")
            .GetProperty("builder")
            .GetProperty("id")
            .GetString(), UriKind.Absolute, out _));
        Assert.NotEmpty(definition.GetProperty("externalParameters").EnumerateObject());
        Assert.All(definition.GetProperty("resolvedDependencies").EnumerateArray(), x =>
        {
            Assert.NotEmpty(x.GetProperty("digest").EnumerateObject());
            if (x.TryGetProperty("uri", out var uri))
                Assert.True(Uri.TryCreate(uri.GetString(), UriKind.Absolute, out _));
        });
        var read = Provenance.Read(json.RootElement);
        Assert.Equal(read.ToJson(), Keystone().ToJson());
        // Its page is where its URI leads to.
        Assert.True(File.Exists(RepositoryRoot.Path / Provenance.BuildType.Split("/blob/main/")[1]));
    }

    [Theory]
    [InlineData("{}", "buildDefinition is missing, or no object")]
    [InlineData("""{"buildDefinition":{"buildType":"https://example.org/make"}}""",
        "its buildType is 'https://example.org/make'")]
    [InlineData("""{"buildDefinition":[]}""", "buildDefinition is missing, or no object")]
    [InlineData("7", "buildDefinition is missing, or no object")]
    public void AnotherBuildsProvenanceIsRefused(string predicate, string problem)
    {
        using var json = JsonDocument.Parse(predicate);
        Assert.StartsWith(problem, Assert.ThrowsAny<JsonException>(() => Provenance.Read(json.RootElement)).Message,
            StringComparison.Ordinal);
    }
}
