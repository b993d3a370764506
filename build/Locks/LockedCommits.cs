using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Locks;

/// <summary>The commits that a release is built from by its locks: the same on every platform.</summary>
public sealed class LockedCommits
{
    readonly Dictionary<string, (LockedCommit Commit, string File)> _commits = new(StringComparer.Ordinal);
    readonly string _release;

    LockedCommits(string release) => _release = release;

    /// <param name="releases">The directory with one subdirectory per release.</param>
    /// <param name="services">Those whose locks count.</param>
    /// <param name="shownAs">What messages call a file.</param>
    /// <exception cref="ProblemException">
    /// Locks that are not there, cannot be read, or contradict each other.
    /// </exception>
    public static LockedCommits Read(AbsolutePath releases, string release, IReadOnlyList<string> services,
        Func<AbsolutePath, string> shownAs)
    {
        var (commits, problems) = (new LockedCommits(release), new List<Problem>());
        var files = LockSubject.FilesBelow(releases).Where(x => x.Parent!.Parent!.Name == release).ToList();
        foreach (var service in services)
        {
            var own = files.Where(x => x.Name.StartsWith($"{service}.", StringComparison.Ordinal)).ToList();
            if (own.Count == 0)
                problems.Add(new Problem($"there is no lock of {service} {release}",
                    Remedy: "Run the target Lock and commit the file"));
            var read = Problems.Collect(own, x => (File: shownAs(x), Lock: InputLock.Read(x, shownAs(x))));
            foreach (var (file, commit) in read.SelectMany(x => x.Lock.Commits, (x, y) => (x.File, y)))
                commits.Add(commit, file, problems);
        }

        ProblemException.ThrowIfAny(problems);
        return commits;
    }

    /// <summary>The commit of a component.</summary>
    /// <param name="asked">
    /// The ref that is asked for, and what may take its place; one of them has to be what is locked.
    /// </param>
    /// <exception cref="ProblemException">None is locked, or that of another ref.</exception>
    public LockedCommit Of(string component, params IReadOnlyList<string> asked)
    {
        if (!_commits.TryGetValue(component, out var locked))
            throw new ProblemException($"{component}: no lock of {_release} has its commit",
                "Run the target Lock and commit the file");
        return asked.Contains(locked.Commit.Ref) ? locked.Commit : throw new ProblemException(new Problem(
            $"{component} is asked for at {asked[0]}", locked.File, Expected: $"{locked.Commit.Ref}, which is locked",
            Remedy: "Ask for what is locked, or run the target Lock for this one"));
    }

    void Add(LockedCommit commit, string file, List<Problem> problems)
    {
        if (!_commits.TryAdd(commit.Name, (commit, file)) && _commits[commit.Name] is var known
            && known.Commit.Commit != commit.Commit)
            problems.Add(new Problem($"{commit.Name} is at {commit.Commit}", file,
                Expected: $"{known.Commit.Commit}, as in {known.File}",
                Remedy: "Run the target Lock for all services and platforms of the release"));
    }
}
