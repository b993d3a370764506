namespace OpenStack.Catalog;

/// <summary>A piece of a YAML file and where it begins, both counted from 1.</summary>
abstract record YamlNode(int Line, int Column)
{
    /// <summary>What it is called in a message.</summary>
    public abstract string Kind { get; }

    /// <summary>What a mapping has for a key; null where it has nothing, or is none.</summary>
    public YamlNode? Find(string key) =>
        (this as YamlMapping)?.Entries.FirstOrDefault(x => x.Key.Value == key).Value;

    /// <summary>The same, where that is one word or text.</summary>
    public string? FindText(string key) => (Find(key) as YamlScalar)?.Value;
}

sealed record YamlMapping(IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries, int Line, int Column)
    : YamlNode(Line, Column)
{
    public override string Kind => "a mapping";
}

sealed record YamlSequence(IReadOnlyList<YamlNode> Items, int Line, int Column) : YamlNode(Line, Column)
{
    public override string Kind => "a list";
}

sealed record YamlScalar(string Value, bool IsPlain, int Line, int Column) : YamlNode(Line, Column)
{
    static readonly string[] s_words = ["null", "~", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf",
        ".nan", "-.inf", "+.inf"];

    public override string Kind =>
        !IsPlain ? "text"
        : Value.Length == 0 ? "nothing"
        : s_words.Contains(Value, StringComparer.OrdinalIgnoreCase)
            ? $"the word {Value}, which YAML does not read as text"
        : LooksLikeNumber ? $"{Value}, which YAML reads as a number or a date"
        : "text";

    /// <summary>
    /// Whether every reader of YAML 1.1 or 1.2 takes it for text. An unquoted 27.10 is the number 27.1 to others that
    /// read the file (yq, Renovate), an unquoted SHA like 12e4567 is infinity.
    /// </summary>
    public bool IsText => Kind == "text";

    bool LooksLikeNumber
    {
        get
        {
            var x = Value[0] is '+' or '-' ? Value[1..] : Value;
            if (x.Length == 0
                || (!char.IsAsciiDigit(x[0]) && !(x[0] == '.' && x.Length > 1 && char.IsAsciiDigit(x[1]))))
                return false;
            if (x.Length > 2 && x[0] == '0' && "xob".Contains(x[1]))
                return x.Skip(2).All(c => char.IsAsciiHexDigit(c) || c == '_');
            var exponent = x.IndexOfAny(['e', 'E']);
            if (exponent > 0 && exponent < x.Length - 1)
            {
                var power = x[exponent + 1] is '+' or '-' ? x[(exponent + 2)..] : x[(exponent + 1)..];
                if (power.Length == 0 || !power.All(char.IsAsciiDigit)) return false;
                x = x[..exponent];
            }

            var dates = x.Length >= 8 && x[4] == '-' && x.Count(c => c == '-') == 2;
            return x.All(c => char.IsAsciiDigit(c) || c is '_' or '.' or ':' || (dates && c == '-'))
                && x.Count(c => c == '.') <= 1;
        }
    }
}
