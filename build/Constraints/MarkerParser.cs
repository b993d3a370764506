using OpenStack.Diagnostics;

namespace OpenStack.Constraints;

/// <summary>
/// Reads the grammar of PEP 508: <c>or</c> binds weaker than <c>and</c>, which binds weaker than a comparison. It stops
/// at the first mistake.
/// </summary>
sealed class MarkerParser(string text)
{
    /// <summary>That of <c>packaging</c>.</summary>
    const int DeepestNesting = 200;

    int _depth;

    /// <summary>Why there is no marker.</summary>
    public string? Error { get; private set; }

    /// <summary>Where reading stopped, from 0.</summary>
    public int Offset { get; private set; }

    public Marker? Parse()
    {
        var marker = ParseList(isAnd: false);
        SkipBlanks();
        if (Error is null && Offset < text.Length) Error = $"'{Rest}' follows the marker";
        return Error is null ? marker : null;
    }

    string Rest => text[Offset..];

    Marker? ParseList(bool isAnd)
    {
        var parts = new List<Marker>();
        do
        {
            if ((isAnd ? ParseTerm() : ParseList(isAnd: true)) is not { } part) return null;
            // 'a and (b and c)' is 'a and b and c'.
            if (part is MarkerList same && same.IsAnd == isAnd) parts.AddRange(same.Parts);
            else parts.Add(part);
        }
        while (TakeWord(isAnd ? "and" : "or"));
        return parts.Count == 1 ? parts[0] : new MarkerList(isAnd, parts);
    }

    Marker? ParseTerm()
    {
        if (!Take("(")) return ParseComparison();
        if (++_depth > DeepestNesting) return Fail("it is nested too deeply");
        var inner = ParseList(isAnd: false);
        _depth--;
        if (inner is null) return null;
        return Take(")") ? inner : Fail("')' is missing");
    }

    MarkerComparison? ParseComparison()
    {
        if (ParseOperand() is not { } left) return null;
        var @operator = TakeWord("in") ? "in" : TakeWord("not") ? (TakeWord("in") ? "not in" : null)
            : VersionSpecifier.Operators.FirstOrDefault(Take);
        if (@operator is null)
        {
            Fail("a comparison is missing");
            return null;
        }

        if (ParseOperand() is not { } right) return null;
        if (left.IsVariable || right.IsVariable) return Normal(left, @operator, right);
        Fail("two texts are compared, but no variable");
        return null;
    }

    /// <summary>Names of extras are one in all their spellings (PEP 685).</summary>
    static MarkerComparison Normal(MarkerOperand left, string @operator, MarkerOperand right)
    {
        if (IsName(left) && !right.IsVariable) right = right with { Text = PythonName.Of(right.Text).Value };
        if (IsName(right) && !left.IsVariable) left = left with { Text = PythonName.Of(left.Text).Value };
        return new MarkerComparison(left, @operator, right);
    }

    static bool IsName(MarkerOperand operand) =>
        operand.IsVariable && MarkerEnvironment.NameVariables.Contains(operand.Text);

    MarkerOperand? ParseOperand()
    {
        SkipBlanks();
        if (Offset < text.Length && text[Offset] is '\'' or '"') return ParseText(text[Offset]);
        var word = Rest[..Rest.TakeWhile(x => char.IsAsciiLetterOrDigit(x) || x is '_' or '.').Count()];
        var variable = MarkerEnvironment.OldNames.GetValueOrDefault(word, word);
        if (!MarkerEnvironment.Variables.Contains(variable))
        {
            Fail(word.Length == 0 ? "a variable or a quoted text is missing"
                : $"there is no variable '{word}'"
                    + (Suggest.DidYouMean(word, MarkerEnvironment.Variables) is { } meant ? ". " + meant : ""));
            return null;
        }

        Offset += word.Length;
        return new MarkerOperand(variable, IsVariable: true);
    }

    MarkerOperand? ParseText(char quote)
    {
        var end = text.IndexOf(quote, Offset + 1);
        if (end < 0)
        {
            Fail($"the closing {quote} is missing");
            return null;
        }

        if (PythonText.Unescape(text[(Offset + 1)..end]) is not { } value)
        {
            Fail($"{text[Offset..(end + 1)]} is no text of Python");
            return null;
        }

        Offset = end + 1;
        return new MarkerOperand(value, IsVariable: false);
    }

    bool Take(string token)
    {
        SkipBlanks();
        if (string.CompareOrdinal(text, Offset, token, 0, token.Length) != 0) return false;
        Offset += token.Length;
        return true;
    }

    bool TakeWord(string word)
    {
        SkipBlanks();
        var end = Offset + word.Length;
        if (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')) return false;
        return Take(word);
    }

    void SkipBlanks()
    {
        while (Offset < text.Length && text[Offset] is ' ' or '\t') Offset++;
    }

    Marker? Fail(string error)
    {
        Error ??= error;
        return null;
    }
}
