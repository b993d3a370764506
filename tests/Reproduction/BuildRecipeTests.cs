using System.Text.Json;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Locks;
using OpenStack.Reproduction;
using OpenStack.Signing;
using OpenStack.Storage;
using OpenStack.Tests.Locks;

namespace OpenStack.Tests.Reproduction;

public sealed class BuildRecipeTests
{
    const string Pinned = "ghcr.io/c5c3/keystone@sha256:1";

    static readonly string s_commit = new('a', 40);

    static InputLock Lock(string image, string? release) => new(
        new LockSubject(image, release, "linux/amd64", "debian-trixie"), [SmallLock.Deb("libpq5", "17.6-0", 'e')]);

    static Provenance Keystone(params IReadOnlyList<InputLock> locks) => new("keystone",
        new PublicationTarget("ghcr.io/c5c3/keystone", ["2025.1"], ["2025.1"]), new Dictionary<string, string>())
    {
        Release = "2025.1",
        Platforms = ["linux/amd64"],
        IsHermetic = true,
        Builder = Builder.Of(_ => null),
        BuilderVersion = s_commit,
        Dependencies =
        [
            Materials.OfRepository(new BuildRevision("stable/a@b", s_commit, IsDirty: false),
                "https://user@example.org/c5c3/openstack-images"),
            ResourceDescriptor.OfCommit(Materials.Source, "https://opendev.org/openstack/keystone", "27.0.0", s_commit),
            ResourceDescriptor.OfImage(Materials.Distribution, "ubuntu:noble", $"sha256:{SmallLock.Hex('b')}"),
            ResourceDescriptor.OfImage(Materials.Uv, "ghcr.io/astral-sh/uv:0.9", $"sha256:{SmallLock.Hex('c')}"),
            .. locks.Select(x => Materials.OfLock(x.Subject.Release is null
                ? $"locks/{x.Subject.Image}.linux-amd64.lock"
                : $"{x.Subject.Release}/locks/{x.Subject.Image}.linux-amd64.lock", x.ToText())),
        ],
    };

    static Provenance Whole(params IReadOnlyList<LockedInput> more) =>
        Keystone(Lock(BaseImages.PythonBase, null), Lock(BaseImages.VenvBuilder, null),
            Lock("keystone", "2025.1") is var own ? own with { Inputs = [.. own.Inputs, .. more] } : own);

    /// <summary>As it comes from a registry.</summary>
    static Provenance ReadBack(Provenance provenance)
    {
        using var json = JsonDocument.Parse(provenance.ToJson());
        return Provenance.Read(json.RootElement);
    }

    [Fact]
    public void AProvenanceSaysAllThatABuildTakes()
    {
        var read = ReadBack(Whole());
        Assert.Equal(Whole().ToJson(), read.ToJson());
        Assert.Empty(ReproductionGaps.Of(read));
        var recipe = BuildRecipe.Of(read, Pinned);
        Assert.Equal(("keystone", "2025.1", "linux/amd64", "debian-trixie", "ghcr.io/c5c3"),
            (recipe.Image, recipe.Release, recipe.Platform, recipe.Distro, recipe.Registry));
        Assert.Equal((s_commit, "https://user@example.org/c5c3/openstack-images"), (recipe.Commit, recipe.Repository));
        Assert.Equal(Lock("keystone", "2025.1").ToText(), recipe.Locks["2025.1/locks/keystone.linux-amd64.lock"]);
        Assert.Equal(3, recipe.Locks.Count);
    }

    [Fact]
    public void WithoutLocksNobodyKnowsWhatItWasBuiltFrom()
    {
        var network = Whole() with { IsHermetic = false };
        Assert.Contains("was built with a network", Message(network), StringComparison.Ordinal);
        Assert.Contains("is not built from locks alone", Assert.Single(ReproductionGaps.Of(network)).Found,
            StringComparison.Ordinal);
        var half = Keystone(Lock(BaseImages.PythonBase, null));
        Assert.Contains("lacks the lock of venv-builder for linux/amd64", Message(half), StringComparison.Ordinal);
        Assert.Contains("lacks the lock of keystone for linux/amd64", Message(half), StringComparison.Ordinal);
        Assert.Equal(2, ReproductionGaps.Of(half).Count);
        Assert.Contains("nothing says which commit built it",
            Message(Whole() with { Dependencies = [.. Whole().Dependencies.Skip(1)] }), StringComparison.Ordinal);
    }

    static string Message(Provenance provenance) =>
        Assert.Throws<ProblemException>(() => BuildRecipe.Of(ReadBack(provenance), Pinned)).Message;

    /// <summary>Each of them is told, with where it is written.</summary>
    [Fact]
    public void WhatIsOnOneMachineAloneIsAGap()
    {
        var whole = Whole(new UnlockedInput("oslo.messaging", "is a tree of this machine"),
            new LockedFile(FileKind.Wheel, "six", "1.17.0", null, SmallLock.Hex('1'), 11050, "wheelhouse/six.whl"));
        var gaps = ReproductionGaps.Of(ReadBack(whole with
        {
            Dependencies =
            [
                Materials.OfRepository(new BuildRevision("main", s_commit, IsDirty: true), null),
                ResourceDescriptor.OfFile(Materials.Distribution, $"sha256:{SmallLock.Hex('b')}"),
                ResourceDescriptor.OfFile(Materials.Uv, $"sha256:{SmallLock.Hex('c')}"),
                ResourceDescriptor.OfFile($"{Materials.Source}/oslo.messaging", $"sha256:{SmallLock.Hex('d')}"),
                .. whole.Dependencies.Where(x => x.Content is not null),
            ],
        }));
        Assert.Equal(
        [
            "keystone 2025.1: it is built from files, refs or trees that commit aaaaaaa does not have",
            "keystone 2025.1: it is built from a repository that nobody else can fetch",
            "keystone 2025.1: its distribution is files of this machine",
            "keystone 2025.1: its uv is files of this machine",
            "keystone 2025.1: its source/oslo.messaging is a tree of this machine",
            "it has inputs without a digest: oslo.messaging",
            "it has files of a directory of this machine: six.whl",
        ], gaps.Select(x => x.Found));
        Assert.All(gaps, x => Assert.NotNull(x.Remedy));
        Assert.Equal("releases/2025.1/locks/keystone.linux-amd64.lock", gaps[^1].File);
    }

    /// <summary>Names and contents are somebody else's.</summary>
    [Theory]
    [InlineData("releases/../../etc/locks/x.lock", "lacks the lock of python-base")]
    [InlineData("releases/locks/python-base.linux-amd64.lock", "is not what its digest says")]
    public void WhatALockIsCalledAndHasIsNotBelieved(string name, string problem)
    {
        var text = Lock(BaseImages.PythonBase, null).ToText();
        var provenance = Keystone(Lock(BaseImages.VenvBuilder, null), Lock("keystone", "2025.1"));
        var forged = ResourceDescriptor.OfFile(name, problem.Contains("lacks", StringComparison.Ordinal)
            ? Digest.OfText(text) : $"sha256:{SmallLock.Hex('0')}") with
        {
            Content = System.Text.Encoding.UTF8.GetBytes(text),
        };
        provenance = provenance with { Dependencies = [.. provenance.Dependencies, forged] };
        var refused = Assert.ThrowsAny<Exception>(() => BuildRecipe.Of(ReadBack(provenance), Pinned));
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheStatementIsProvenanceOfTheSecondBuild()
    {
        var image = new ReproducedImage(Pinned, "linux/amd64", "sha256:1", "sha256:1", null, []);
        using var json = JsonDocument.Parse(ReproductionStatement.Of(image, Whole(), Builder.Of(_ => null)));
        var definition = json.RootElement.GetProperty("buildDefinition");
        Assert.Equal(Whole().Dependencies.Count, definition.GetProperty("resolvedDependencies").GetArrayLength());
        Assert.True(File.Exists(
            RepositoryRoot.Path / definition.GetProperty("buildType").GetString()!.Split("/blob/main/")[1]));
        Assert.EndsWith("#local", json.RootElement.GetProperty("runDetails").GetProperty("builder").GetProperty("id")
            .GetString(), StringComparison.Ordinal);
    }
}
