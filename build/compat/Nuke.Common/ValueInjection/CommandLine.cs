namespace Nuke.Common.ValueInjection;

/// <summary>
/// Command line arguments: a token with a leading dash is a name, the tokens up to the next name are its values.
/// Letter case and inner dashes of names do not matter, and the last occurrence wins.
/// </summary>
sealed class CommandLine(IReadOnlyList<string> tokens)
{
    static CommandLine current;

    public static CommandLine Current => current ??= new(Environment.GetCommandLineArgs()[1..]);

    public IReadOnlyList<string> Tokens => tokens;

    public bool Has(string name) => IndexOf(name) >= 0;

    /// <summary>The values of a named argument; the type's default without one.</summary>
    public object Get(string name, Type type, char? separator)
    {
        var index = IndexOf(name);
        return index < 0 ? ValueConversion.DefaultOf(type) : Convert(name, ValuesFrom(index + 1), type, separator);
    }

    /// <summary>The values before the first name; the type's default without any.</summary>
    public object GetPositional(Type type, char? separator)
    {
        var values = ValuesFrom(0);
        return values.Length == 0 ? ValueConversion.DefaultOf(type) : Convert("$all-positional", values, type, separator);
    }

    static bool IsName(string token) => token.StartsWith('-');

    string[] ValuesFrom(int start) => tokens.Skip(start).TakeWhile(x => !IsName(x)).ToArray();

    int IndexOf(string name)
    {
        for (var i = tokens.Count - 1; i >= 0; i--)
        {
            if (IsName(tokens[i]) && EqualsIgnoringDashes(tokens[i], name))
                return i;
        }

        return -1;
    }

    static bool EqualsIgnoringDashes(string left, string right) =>
        left.Replace("-", "", StringComparison.Ordinal).Equals(right.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    object Convert(string name, string[] values, Type type, char? separator)
    {
        try
        {
            if (separator is { } character && values.Any(x => x.Contains(character)))
            {
                if (values.Length > 1)
                    throw new ArgumentException($"Argument '{name}' with value [ {string.Join(", ", values)} ] cannot be split with separator '{separator}'");
                values = values[0].Split(character);
            }

            return ValueConversion.Convert(values, type, emptyBoolean: true);
        }
        catch (Exception exception)
        {
            var lines = tokens.Select((x, i) => $"  [{i}] = {x}").Prepend("Arguments were:");
            throw new Exception($"Resolving argument '{name}' failed.{Environment.NewLine}{exception.Message}{Environment.NewLine}{string.Join(Environment.NewLine, lines)}");
        }
    }
}
