namespace LibGit2Sharp;

/// <summary>A commit, tree, blob or annotated tag.</summary>
public abstract class GitObject
{
    readonly RawObject _raw;

    private protected GitObject(Repository repository, RawObject raw)
    {
        Repository = repository;
        _raw = raw;
    }

    /// <summary>Object id, in hexadecimal digits.</summary>
    public virtual string Sha => _raw.Sha;

    private protected Repository Repository { get; }

    private protected byte[] Content => _raw.Content;

    internal static GitObject Create(Repository repository, RawObject raw) =>
        raw.Type == "commit" ? new Commit(repository, raw) : new OtherObject(repository, raw);

    sealed class OtherObject(Repository repository, RawObject raw) : GitObject(repository, raw);
}
