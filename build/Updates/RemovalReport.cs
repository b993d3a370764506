using OpenStack.Diagnostics;

namespace OpenStack.Updates;

/// <summary>What became of the manifests that were to be removed.</summary>
public sealed class RemovalReport
{
    /// <summary>How many digests a problem names.</summary>
    const int Named = 3;

    readonly List<(string Digest, Problem Why)> _refused = [];
    readonly List<Problem> _others = [];

    /// <summary>How many are gone.</summary>
    public int Removed { get; private set; }

    /// <summary>How many were left alone because something that stays leads to them.</summary>
    public int Spared { get; private set; }

    /// <summary>One for each reason, with the manifests that stay for it.</summary>
    public IReadOnlyList<Problem> Problems =>
    [
        .. _refused.GroupBy(x => x.Why, x => x.Digest[..19])
            .Select(x =>
                x.Key with { Found = $"{x.Key.Found}; so {Text([.. x])} {(x.Count() == 1 ? "stays" : "stay")}" }),
        .. _others,
    ];

    /// <param name="why">Why it stays; null when it is gone.</param>
    public void Add(string digest, Problem? why)
    {
        if (why is null) Removed++;
        else _refused.Add((digest, why));
    }

    /// <summary>Problems of no one manifest.</summary>
    public void Add(IEnumerable<Problem> problems) => _others.AddRange(problems);

    public void Spare() => Spared++;

    /// <summary>For a person: <c>12 manifests; 1 stays</c>.</summary>
    public override string ToString() => $"{Removed} manifests"
        + $"{(_refused.Count + Spared > 0 ? $"; {_refused.Count} cannot be, and {Spared} stay with those" : "")}";

    static string Text(IReadOnlyList<string> digests) =>
        string.Join(", ", digests.Take(Named)) + (digests.Count > Named ? $" and {digests.Count - Named} more" : "");
}
