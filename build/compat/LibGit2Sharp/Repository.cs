using System.Diagnostics.CodeAnalysis;

namespace LibGit2Sharp;

/// <summary>What the build reads of a repository.</summary>
public interface IRepository : IDisposable
{
    IQueryableCommitLog Commits { get; }

    RepositoryInformation Info { get; }

    TagCollection Tags { get; }
}

/// <summary>A repository read through git's own programs; nothing is fetched or written.</summary>
public sealed class Repository : IRepository
{
    /// <param name="path">Git directory of a bare repository, or a work tree.</param>
    [SuppressMessage("Design", "CA1062", Justification = "as in the package")]
    public Repository(string path)
    {
        var inside = Path.Combine(path, ".git");
        Git = new GitProcess(Directory.Exists(inside) ? inside : path);
        if (!Directory.Exists(Path.Combine(Git.Directory, "objects")))
        {
            throw new RepositoryNotFoundException($"Path '{path}' doesn't point at a valid Git repository or workdir.");
        }

        Commits = new CommitLog(this);
        Info = new RepositoryInformation(this);
        Tags = new TagCollection(this);
    }

    public IQueryableCommitLog Commits { get; }

    public RepositoryInformation Info { get; }

    public TagCollection Tags { get; }

    internal GitProcess Git { get; }

    public void Dispose() => Git.Dispose();
}

public class RepositoryInformation
{
    readonly Repository _repository;

    internal RepositoryInformation(Repository repository) => _repository = repository;

    public virtual bool IsShallow => _repository.Git.Shallow.Count > 0;
}

public static class RepositoryExtensions
{
    /// <summary>The object that a revision names; null when there is none or it is of another type.</summary>
    public static T? Lookup<T>(this IRepository repository, string objectish)
        where T : GitObject => ((Repository)repository).Git.Read(objectish) is { } found
            ? GitObject.Create((Repository)repository, found) as T
            : null;
}

/// <summary>There is no repository at a path.</summary>
public class RepositoryNotFoundException(string message) : LibGit2SharpException(message);

public class LibGit2SharpException(string message) : Exception(message);
