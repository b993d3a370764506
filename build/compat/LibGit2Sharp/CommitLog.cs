using System.Collections;

namespace LibGit2Sharp;

public interface ICommitLog : IEnumerable<Commit>;

public interface IQueryableCommitLog : ICommitLog
{
    /// <summary>The commits that are reachable from here and not from there.</summary>
    ICommitLog QueryBy(CommitFilter filter);
}

/// <summary>Which commits to list.</summary>
public sealed class CommitFilter
{
    /// <summary>A commit.</summary>
    public object? IncludeReachableFrom { get; set; }

    /// <summary>A commit, or null.</summary>
    public object? ExcludeReachableFrom { get; set; }
}

sealed class CommitLog(Repository repository, CommitFilter? filter = null) : IQueryableCommitLog
{
    public ICommitLog QueryBy(CommitFilter filter) => new CommitLog(repository, filter);

    public IEnumerator<Commit> GetEnumerator()
    {
        string[] not = filter?.ExcludeReachableFrom is GitObject excluded ? ["^" + excluded.Sha] : [];
        var from = filter?.IncludeReachableFrom is GitObject included ? included.Sha : "HEAD";
        return repository.Git.Run(["rev-list", from, .. not]).Select(x => repository.Lookup<Commit>(x)!).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
