using LibGit2Sharp;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

public sealed class GitObjectsTests : IDisposable
{
    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _upstream;
    readonly string _commit;

    public GitObjectsTests()
    {
        _upstream = new Upstream(_temporary / "upstream");
        _commit = _upstream.Commit();
    }

    public void Dispose() => _temporary.Dispose();

    /// <summary>As in a container, or after a run with sudo. Only root can give a directory away.</summary>
    [Fact]
    public async Task ARepositoryOfAnotherUserIsRead()
    {
        if (Environment.IsPrivilegedProcess)
            await new Command("chown", ["-R", "12345:12345", _temporary / "upstream"]).RequireAsync();
        using var repository = GitObjects.Open(_upstream.GitDirectory);
        Assert.NotNull(repository.Lookup<Commit>(_commit));
        Assert.False(GlobalSettings.GetOwnerValidation());
    }

    [Fact]
    public void WhatIsNoRepositoryIsAProblem()
    {
        Directory.CreateDirectory(_temporary / "empty");
        foreach (var name in (string[])["empty", "missing"])
        {
            var e = Assert.Throws<ProblemException>(() => GitObjects.Open(_temporary / name));
            Assert.Contains($"{_temporary / name} cannot be read as a git repository", e.Message,
                StringComparison.Ordinal);
            Assert.Contains("it is made anew", e.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>What libgit2 does not know the form of it cannot read.</summary>
    [Fact]
    public void AFormThatIsUnknownIsAProblem()
    {
        _upstream.Git("config", "core.repositoryFormatVersion", "1");
        _upstream.Git("config", "extensions.refStorage", "reftable");
        Assert.Throws<ProblemException>(() => GitObjects.Open(_upstream.GitDirectory));
    }
}
