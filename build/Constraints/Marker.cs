namespace OpenStack.Constraints;

/// <summary>An environment marker of PEP 508, as in <c>python_version&gt;='3.10'</c>. Two are equal when they say the same in the same order.</summary>
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
    public static Marker Parse(string text) => TryParse(text, out var error, out _) ?? throw new FormatException($"'{text}' is no marker: {error}");

    public abstract bool Holds(MarkerEnvironment environment);

    /// <summary>One spelling for all that mean the same: single quotes, single spaces, no superfluous parentheses.</summary>
    public abstract override string ToString();
}

/// <summary>Markers of which all must hold, or one.</summary>
sealed record MarkerList(bool IsAnd, IReadOnlyList<Marker> Parts) : Marker
{
    public override bool Holds(MarkerEnvironment environment) =>
        IsAnd ? Parts.All(x => x.Holds(environment)) : Parts.Any(x => x.Holds(environment));

    public override string ToString() => string.Join(IsAnd ? " and " : " or ",
        Parts.Select(x => IsAnd && x is MarkerList { IsAnd: false } ? $"({x})" : x.ToString()));

    public bool Equals(MarkerList? other) => other is not null && IsAnd == other.IsAnd && Parts.SequenceEqual(other.Parts);

    public override int GetHashCode() => Parts.Aggregate(IsAnd.GetHashCode(), HashCode.Combine);
}

/// <summary>One comparison. A side is a variable or a quoted text.</summary>
sealed record MarkerComparison(MarkerOperand Left, string Operator, MarkerOperand Right) : Marker
{
    public override bool Holds(MarkerEnvironment environment)
    {
        var (left, right) = (Left.ValueIn(environment), Right.ValueIn(environment));
        if (Operator is "in") return right.Contains(left, StringComparison.Ordinal);
        if (Operator is "not in") return !right.Contains(left, StringComparison.Ordinal);
        if ((Left.IsVersion || Right.IsVersion) && PythonVersion.TryParse(left) is not null && new VersionSpecifier(Operator, right).IsValid)
            return new VersionSpecifier(Operator, right).Admits(left);
        var order = string.CompareOrdinal(left, right);
        return Operator switch { "==" or "===" => order == 0, "!=" => order != 0, "<" => order < 0, "<=" => order <= 0, ">" => order > 0, ">=" => order >= 0, _ => false };
    }

    public override string ToString() => $"{Left} {Operator} {Right}";
}

readonly record struct MarkerOperand(string Text, bool IsVariable)
{
    public bool IsVersion => IsVariable && MarkerEnvironment.VersionVariables.Contains(Text);

    public string ValueIn(MarkerEnvironment environment) => IsVariable ? environment[Text] : Text;

    public override string ToString() => IsVariable ? Text : Text.Contains('\'') ? $"\"{Text}\"" : $"'{Text}'";
}
