namespace OpenStack.Updates;

/// <summary>What became of the updates of a run, for its last line: what was done, what waits, what failed, and what
/// nobody knows.</summary>
public sealed class UpdateOutcomes
{
    readonly List<string> _done = [];
    int _waiting;
    int _failed;

    /// <param name="what">What was done, in a word.</param>
    public void Add(string what) => _done.Add(what);

    /// <summary>One is too young to be taken.</summary>
    public void Wait() => _waiting++;

    /// <summary>One was to be made, and was not.</summary>
    public void Fail() => _failed++;

    /// <summary><c>nothing is behind</c>, <c>2 created, 1 failed, 3 not known</c>.</summary>
    /// <param name="unknown">How many things could not be compared with upstream.</param>
    public string Summary(int unknown)
    {
        var parts = _done.GroupBy(x => x).Select(x => $"{x.Count()} {x.Key}").ToList();
        if (_waiting > 0) parts.Add($"{_waiting} not old enough");
        if (_failed > 0) parts.Add($"{_failed} failed");
        if (unknown > 0) parts.Add($"{unknown} not known");
        if (parts.Count == 0) return "nothing is behind";
        return _done.Count + _waiting + _failed > 0 ? string.Join(", ", parts)
            : $"nothing is known to be behind, {parts[0]}";
    }
}
