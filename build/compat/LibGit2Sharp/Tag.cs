using System.Collections;

namespace LibGit2Sharp;

/// <summary>A tag, annotated or not.</summary>
public class Tag
{
    readonly Repository _repository;
    readonly string _canonicalName;

    internal Tag(Repository repository, string canonicalName)
    {
        _repository = repository;
        _canonicalName = canonicalName;
    }

    /// <summary>Name without <c>refs/tags/</c>.</summary>
    public virtual string FriendlyName => _canonicalName["refs/tags/".Length..];

    /// <summary>What is behind all annotations.</summary>
    public virtual GitObject PeeledTarget => GitObject.Create(_repository, _repository.Git.Read($"{_canonicalName}^{{}}")
        ?? throw new LibGit2SharpException($"the target of '{_canonicalName}' is missing"));
}

public class TagCollection : IEnumerable<Tag>
{
    readonly Repository _repository;

    internal TagCollection(Repository repository) => _repository = repository;

    /// <summary>The tag of that name, or null.</summary>
    public virtual Tag? this[string name] => _repository.Git.Read($"refs/tags/{name}") is null
        ? null
        : new Tag(_repository, $"refs/tags/{name}");

    public virtual IEnumerator<Tag> GetEnumerator() =>
        _repository.Git.Run("for-each-ref", "--format=%(refname)", "refs/tags").Select(x => new Tag(_repository, x)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
