namespace OpenStack.Constraints;

/// <summary>One comparison of a marker. A side is a variable or a quoted text.</summary>
sealed record MarkerComparison(MarkerOperand Left, string Operator, MarkerOperand Right) : Marker
{
    internal override IEnumerable<MarkerComparison> Comparisons => [this];

    /// <summary>The variable that decides how they are compared: the left one where both are.</summary>
    internal string Variable => Left.IsVariable ? Left.Text : Right.Text;

    /// <summary>Whether it asks for extras, or groups.</summary>
    internal bool IsOfExtras =>
        (Left.IsVariable || Right.IsVariable) && MarkerEnvironment.NameVariables.Contains(Variable);

    /// <summary>Whether it holds for one extra, which may be written otherwise (PEP 685).</summary>
    internal bool IsOfExtra(string name) =>
        IsOfExtras && Operator == "==" && PythonName.Of((Left.IsVariable ? Right : Left).Text) == PythonName.Of(name);

    public override bool? Holds(MarkerEnvironment environment)
    {
        var answers = Left.ValuesIn(environment)
            .SelectMany(left => Right.ValuesIn(environment).Select(right => Compare(left, right))).Distinct().ToList();
        return answers is [var only] ? only : null;
    }

    public override string ToString() => $"{Left} {Operator} {Right}";

    /// <summary>
    /// As versions where the variable is one and the other side a version to compare with, else as texts, which have no
    /// order. Null for what is not defined ("Dependency specifiers", environment markers; as <c>packaging</c> does it).
    /// </summary>
    bool? Compare(string left, string right)
    {
        var specifier = new VersionSpecifier(Operator, right.Trim());
        if (MarkerEnvironment.VersionVariables.Contains(Variable) && VersionSpecifier.Operators.Contains(Operator)
            && specifier.IsValid)
            return specifier.Admits(left);
        return Operator switch
        {
            "in" => right.Contains(left, StringComparison.Ordinal),
            "not in" => !right.Contains(left, StringComparison.Ordinal),
            "==" or "<=" or ">=" => left == right,
            "!=" => left != right,
            "<" or ">" => false,
            _ => null,
        };
    }
}

readonly record struct MarkerOperand(string Text, bool IsVariable)
{
    /// <summary>What it may be in an environment; nothing where that is not known.</summary>
    public IReadOnlyList<string> ValuesIn(MarkerEnvironment environment) =>
        IsVariable ? environment.ValuesOf(Text) : [Text];

    public override string ToString() => IsVariable ? Text : Text.Contains('\'') ? $"\"{Text}\"" : $"'{Text}'";
}
