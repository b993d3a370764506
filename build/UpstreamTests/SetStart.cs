using OpenStack.Catalog;

namespace OpenStack.UpstreamTests;

/// <summary>One thing that a member of a set was asked for.</summary>
/// <param name="Member">The member.</param>
/// <param name="Name">What was asked.</param>
/// <param name="Holds">Whether the answer was right.</param>
/// <param name="Found">The answer.</param>
public sealed record SetAnswer(SetMember Member, string Name, bool Holds, string Found);

/// <summary>What came of the start of a set: how long each member took, and what it answered.</summary>
/// <param name="set">The set.</param>
public sealed class SetStart(ServiceSet set)
{
    readonly Lock _lock = new();
    readonly List<SetAnswer> _answers = [];
    readonly List<(SetMember Member, TimeSpan Time)> _times = [];

    public ServiceSet Set { get; } = set;

    /// <summary>What members were asked for, in the order of the members.</summary>
    public IReadOnlyList<SetAnswer> Answers
    {
        get
        {
            lock (_lock) return [.. _answers.OrderBy(x => Set.Members.Index().First(y => y.Item == x.Member).Index)];
        }
    }

    /// <summary>How long each member took until it answered; those that do not are not there.</summary>
    public IReadOnlyList<(SetMember Member, TimeSpan Time)> Times
    {
        get
        {
            lock (_lock) return [.. _times];
        }
    }

    /// <summary>What is waited for; null when all are there.</summary>
    public string? Waiting
    {
        get
        {
            var names = Set.Members.Except(Times.Select(x => x.Member)).Select(x => x.Name).ToList();
            return names.Count > 0 ? $"waiting for {string.Join(", ", names)}" : null;
        }
    }

    public void Add(SetAnswer answer)
    {
        lock (_lock) _answers.Add(answer);
    }

    public void AddTime(SetMember member, TimeSpan time)
    {
        lock (_lock) _times.Add((member, time));
    }
}
