using System.Collections;
using System.Text;
using Serilog;

namespace Nuke.Common.ValueInjection;

/// <summary>
/// Values of environment variables: the exact name, else the only variable whose name is the same or has a leading NUKE when
/// nothing but its letters and digits is looked at.
/// </summary>
static class EnvironmentVariables
{
    static Dictionary<string, List<string>> namesByLetters;

    public static Dictionary<string, string> Read()
    {
        var variables = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = (string)entry.Value;
        return variables;
    }

    /// <summary>The converted value; the type's default without one.</summary>
    public static object Get(string name, Type type, char? separator)
    {
        if (Find(name) is not { } value)
            return ValueConversion.DefaultOf(type);
        try
        {
            var values = separator is { } character ? value.Split(character) : [value];
            return ValueConversion.Convert(values.Where(x => !string.IsNullOrWhiteSpace(x)).ToArray(), type, emptyBoolean: false);
        }
        catch (Exception exception)
        {
            throw new Exception(string.Join(Environment.NewLine, exception.Message, $"Resolving parameter '{name}' failed. Environment variable was:", value));
        }
    }

    static string Find(string name)
    {
        if (Environment.GetEnvironmentVariable(name) is { } exact)
            return exact;
        namesByLetters ??= ByLetters();
        var letters = LettersOf(name);
        var names = namesByLetters.GetValueOrDefault(letters, []).Concat(namesByLetters.GetValueOrDefault("nuke" + letters, [])).ToArray();
        if (names.Length > 1)
            Log.Warning("Could not resolve {VariableName} since multiple values are provided", name);
        return names.Length == 1 ? Environment.GetEnvironmentVariable(names[0]) : null;
    }

    static Dictionary<string, List<string>> ByLetters()
    {
        var result = new Dictionary<string, List<string>>();
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            var letters = LettersOf((string)entry.Key);
            if (!result.TryGetValue(letters, out var names))
                result.Add(letters, names = []);
            names.Add((string)entry.Key);
        }

        return result;
    }

    static string LettersOf(string name)
    {
        var letters = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            if (char.IsLetterOrDigit(character))
                letters.Append(char.ToLowerInvariant(character));
        }

        return letters.ToString();
    }
}
