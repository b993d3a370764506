using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Tests.EndToEnd;

/// <summary>Tags are decided on by what was built, whatever a later run is told or not told.</summary>
public sealed class TagsTests : IDisposable
{
    const string Command = "Tags --service keystone --release 2025.1 --skip --build-branch main --no-logo";

    static readonly string s_commit = new('b', 40);

    readonly RepositoryCopy _repository = new();
    readonly string _ref;

    public TagsTests()
    {
        _ref = File.ReadAllLines(_repository.Root / "releases/2025.1/source-refs.yaml")
            .Single(x => x.StartsWith("keystone:", StringComparison.Ordinal)).Split('"')[1];
        _repository.Write(".gitignore", "/artifacts\n/.nuke/temp\n");
        foreach (var arguments in (string[][])[["init", "-q"], ["add", "--all"], ["commit", "-q", "-m", "Begin"]])
            RepositoryCopy.Git(_repository.Root, arguments);
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task WhatIsCommittedMovesTags()
    {
        Seal("keystone", new ResolvedRef("keystone", "https://opendev.org/openstack/keystone", _ref, RefKind.Tag,
            s_commit));
        Assert.Contains("newest image of the release", (await _repository.RunAsync(Command)).ShouldSucceed().Output,
            StringComparison.Ordinal);
    }

    /// <summary>What takes the place of a branch that is gone is what is committed.</summary>
    [Fact]
    public async Task ABranchUnderItsLaterNameMovesTags()
    {
        Seal("keystone", new ResolvedRef("keystone", "https://opendev.org/openstack/keystone", "unmaintained/2025.1",
            RefKind.Branch, s_commit));
        await MovesNothingAsync("keystone is built from unmaintained/2025.1");
        _repository.Edit("releases/2025.1/source-refs.yaml", $"keystone: \"{_ref}\"", "keystone: \"stable/2025.1\"");
        _repository.Write("releases/2025.1/series.yaml", "name: epoxy\nstatus: unmaintained\n");
        RepositoryCopy.Git(_repository.Root, "commit", "-q", "-a", "-m", "Follow the branch");
        var output = (await _repository.RunAsync(Command)).ShouldSucceed().Output;
        Assert.Contains("newest image of the release", output, StringComparison.Ordinal);
        Assert.Contains("unmaintained-2025.1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALocalTreeMovesNothingThoughTheRunDoesNotNameIt()
    {
        Seal("keystone", new ResolvedRef("keystone", "https://opendev.org/openstack/keystone", "HEAD", RefKind.Local,
            s_commit, new LocalState(Digest.OfText("x"), IsDirty: true)));
        await MovesNothingAsync("keystone is built from a local tree");
    }

    [Theory]
    [InlineData("stable/2025.1", "https://opendev.org/openstack/keystone", "keystone is built from stable/2025.1 of")]
    [InlineData("", "https://example.org/keystone", "of https://example.org/keystone, and source-refs.yaml says")]
    public async Task AnotherRefOrPlaceMovesNothing(string reference, string remote, string saying)
    {
        Seal("keystone", new ResolvedRef("keystone", remote, reference.Length > 0 ? reference : _ref, RefKind.Branch,
            s_commit));
        await MovesNothingAsync(saying);
    }

    /// <summary>A library that the command line alone named is in the image, though no later run knows of it.</summary>
    [Fact]
    public async Task ALibraryThatNobodyCommittedMovesNothing()
    {
        Seal("keystone", new ResolvedRef("keystone", "https://opendev.org/openstack/keystone", _ref, RefKind.Tag,
            s_commit));
        Seal("oslo.messaging", new ResolvedRef("oslo.messaging", "https://opendev.org/openstack/oslo.messaging",
            "16.1.0", RefKind.Tag, s_commit));
        Directory.CreateDirectory(_repository.Service / "image");
        _repository.Write("artifacts/2025.1/keystone/constraints.inputs.json",
            "{\"library.oslo.messaging\": \"oslo.messaging===16.1.0\"}\n");
        await MovesNothingAsync("oslo.messaging is built from 16.1.0, and source-refs.yaml does not have it");
    }

    /// <summary>The tree was patched again after the image was built.</summary>
    [Fact]
    public async Task AnImageOfAnotherTreeHasNoTags()
    {
        var file = Seal("keystone", new ResolvedRef("keystone", "https://opendev.org/openstack/keystone", _ref,
            RefKind.Tag, s_commit));
        Directory.CreateDirectory(_repository.Service / "image");
        _repository.Write("artifacts/2025.1/keystone/inputs.json",
            $"{{\"source.digest\": \"{Digest.OfFile(file)}\"}}\n");
        Assert.Contains("newest image of the release", (await _repository.RunAsync(Command)).ShouldSucceed().Output,
            StringComparison.Ordinal);
        _repository.Write("artifacts/2025.1/keystone/inputs.json",
            $"{{\"source.digest (linux/arm64)\": \"{Digest.OfText("other")}\"}}\n");
        (await _repository.RunAsync(Command)).ShouldFail("the image of keystone 2025.1 was built from another source",
            "Run the target BuildService first");
    }

    async Task MovesNothingAsync(string saying)
    {
        var run = (await _repository.RunAsync(Command)).ShouldSucceed();
        Assert.Contains(saying, run.Output, StringComparison.Ordinal);
        Assert.Contains("no tag but its own moves", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("newest image", run.Output, StringComparison.Ordinal);
        Assert.Contains("-dirty", run.Output, StringComparison.Ordinal);
    }

    Nuke.Common.IO.AbsolutePath Seal(string component, ResolvedRef source)
    {
        var file = _repository.Root / "artifacts" / "2025.1" / component / "source" / "sealed.json";
        Directory.CreateDirectory(file.Parent!);
        new SealedTree(new SourceTree(source, DateTimeOffset.UnixEpoch, component, "27.0.0"), []).Write(file);
        return file;
    }
}
