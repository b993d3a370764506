namespace OpenStack.Constraints;

/// <summary>
/// An environment marker of PEP 508, as in <c>python_version&gt;='3.10'</c>. Two are equal when they say the same in
/// the same order.
/// </summary>
public abstract record Marker
{
    /// <summary>Null, with the reason and the offset at which reading stopped, when the text is no marker.</summary>
    public static Marker? TryParse(string text, out string? error, out int offset)
    {
        var parser = new MarkerParser(text);
        var marker = parser.Parse();
        (error, offset) = (parser.Error, parser.Offset);
        return marker;
    }

    /// <exception cref="FormatException">The text is no marker.</exception>
    public static Marker Parse(string text) =>
        TryParse(text, out var error, out _) ?? throw new FormatException($"'{text}' is no marker: {error}");

    /// <summary>
    /// Whether it holds; null where that is not decided: the environment does not say enough, or PEP 508 does not
    /// define the comparison.
    /// </summary>
    public abstract bool? Holds(MarkerEnvironment environment);

    /// <summary>
    /// One spelling for all that mean the same: single quotes, single spaces, no superfluous parentheses.
    /// </summary>
    public abstract override string ToString();

    /// <summary>All comparisons in it, from the left.</summary>
    internal abstract IEnumerable<MarkerComparison> Comparisons { get; }
}

/// <summary>Markers of which all must hold, or one.</summary>
sealed record MarkerList(bool IsAnd, IReadOnlyList<Marker> Parts) : Marker
{
    internal override IEnumerable<MarkerComparison> Comparisons => Parts.SelectMany(x => x.Comparisons);

    /// <summary>One part decides, whatever is not known of the others (Kleene's logic).</summary>
    public override bool? Holds(MarkerEnvironment environment)
    {
        var answers = Parts.Select(x => x.Holds(environment)).ToList();
        return answers.Contains(!IsAnd) ? !IsAnd : answers.Contains(null) ? null : IsAnd;
    }

    public override string ToString() => string.Join(IsAnd ? " and " : " or ",
        Parts.Select(x => IsAnd && x is MarkerList { IsAnd: false } ? $"({x})" : x.ToString()));

    public bool Equals(MarkerList? other) =>
        other is not null && IsAnd == other.IsAnd && Parts.SequenceEqual(other.Parts);

    public override int GetHashCode() => Parts.Aggregate(IsAnd.GetHashCode(), HashCode.Combine);
}
