using OpenStack.Diagnostics;

namespace OpenStack.Answers;

/// <summary>What could be found out, and why the rest could not: nothing is left out in silence.</summary>
public sealed class Facts
{
    readonly SortedDictionary<string, string> _notKnown = new(StringComparer.Ordinal);

    /// <summary>What is not known, by name, and why.</summary>
    public IReadOnlyDictionary<string, string> NotKnown => _notKnown;

    /// <summary>What is found; the default, and the reason, where that is a problem.</summary>
    public T? Find<T>(string name, Func<T> find)
    {
        try
        {
            return find();
        }
        catch (ProblemException e)
        {
            _notKnown[name] = e.Problems[0].ToString();
            return default;
        }
    }

    /// <inheritdoc cref="Find"/>
    public async Task<T?> FindAsync<T>(string name, Func<Task<T>> find)
    {
        try
        {
            return await find();
        }
        catch (ProblemException e)
        {
            _notKnown[name] = e.Problems[0].ToString();
            return default;
        }
    }
}
