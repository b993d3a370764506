using OpenStack.Diagnostics;
using OpenStack.Locks;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Locks;

public sealed class LockedCommitsTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void ARefMeansTheCommitThatIsLocked()
    {
        Write("keystone", "linux/amd64", ("keystone", "27.0.2", '5'), ("oslo.db", "master", '6'));
        Write("keystone", "linux/arm64", ("keystone", "27.0.2", '5'), ("oslo.db", "master", '6'));
        Write("nova", "linux/amd64", ("nova", "31.0.0", '7'), ("oslo.db", "master", '9'));
        var commits = Read("keystone");
        Assert.Equal(new string('6', 40), commits.Of("oslo.db", "master").Commit);
        // What took the place of a branch when it was locked is what the branch means.
        Assert.Equal("master", commits.Of("oslo.db", "stable/2025.1", "unmaintained/2025.1", "master").Ref);
        var other = Assert.Throws<ProblemException>(() => commits.Of("keystone", "master"));
        Assert.Contains("keystone.linux-amd64.lock: keystone is asked for at master; expected 27.0.2, which is locked",
            other.Message, StringComparison.Ordinal);
        Assert.Contains("nova: no lock of 2025.1 has its commit",
            Assert.Throws<ProblemException>(() => commits.Of("nova", "31.0.0")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LocksThatAreMissingOrContradictEachOtherAreNamedTogether()
    {
        Write("keystone", "linux/amd64", ("keystone", "27.0.2", '5'), ("oslo.db", "master", '6'));
        Write("nova", "linux/amd64", ("nova", "31.0.0", '7'), ("oslo.db", "master", '9'));
        var problem = Assert.Throws<ProblemException>(() => Read("keystone", "nova", "cinder"));
        Assert.Equal(["there is no lock of cinder 2025.1", $"oslo.db is at {new string('9', 40)}"],
            problem.Problems.Select(x => x.Found).Order(StringComparer.Ordinal).Reverse());
    }

    LockedCommits Read(params string[] services) =>
        LockedCommits.Read(_directory / "releases", "2025.1", services, x => x.Name);

    void Write(string service, string platform, params (string Name, string Ref, char Commit)[] commits)
    {
        var subject = new LockSubject(service, "2025.1", platform, "debian-trixie");
        var file = subject.FileBelow(_directory / "releases");
        Directory.CreateDirectory(file.Parent!);
        File.WriteAllText(file, new InputLock(subject, [.. commits.Select(x =>
            new LockedCommit(x.Name, x.Ref, new string(x.Commit, 40), "https://git.example/x"))]).ToText());
    }
}
