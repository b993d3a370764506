namespace OpenStack.Constraints;

/// <summary>The name of a Python distribution in the form in which names are compared: PEP 503.</summary>
/// <param name="Value">Lower case, with one <c>-</c> for each run of <c>-</c>, <c>_</c> and <c>.</c>.</param>
public readonly record struct PythonName(string Value)
{
    /// <summary>Normalises a name: <c>restructuredtext_lint</c> and <c>RestructuredText.lint</c> are one.</summary>
    public static PythonName Of(string name)
    {
        var normal = new char[name.Length];
        var length = 0;
        foreach (var c in name)
        {
            if (c is not ('-' or '_' or '.')) normal[length++] = char.ToLowerInvariant(c);
            else if (length == 0 || normal[length - 1] != '-') normal[length++] = '-';
        }

        return new PythonName(new string(normal, 0, length));
    }

    /// <summary>
    /// Whether a text is a name of PEP 508: ASCII letters and digits, with <c>- _ .</c> between them.
    /// </summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= 200 && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>
    /// The name without what parts it. No index takes two names of which this is the same, so <c>u_wsgi</c> is a
    /// misspelt <c>uwsgi</c> where both stand (PEP 541; Warehouse, <c>ultranormalize_name</c>).
    /// </summary>
    public string Letters => Value.Replace("-", "", StringComparison.Ordinal);

    public override string ToString() => Value;
}
