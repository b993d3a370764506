using System.Text.Json;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Pipeline.Start;

/// <summary>
/// Refuses what NUKE forgives: it ignores unknown parameters and <c>--name=value</c>, keeps the default of a value that
/// it cannot read, and takes any environment variable that happens to be spelt like a parameter. Everything found is
/// reported together.
/// </summary>
/// <param name="parameters">All parameters of the build.</param>
/// <param name="targets">Names of all targets of the build.</param>
public sealed partial class ArgumentCheck(IReadOnlyList<KnownParameter> parameters, IReadOnlyList<string> targets)
{
    readonly Dictionary<string, KnownParameter> _byName = parameters.GroupBy(x => KnownParameter.Fold(x.Name))
        .ToDictionary(x => x.Key, x => x.First());

    /// <summary>Checks the arguments of the command line, without the program.</summary>
    public IReadOnlyList<Problem> CheckCommandLine(IReadOnlyList<string> arguments)
    {
        var problems = new List<Problem>();
        var given = new HashSet<KnownParameter>();
        for (var i = 0; i < arguments.Count;)
        {
            var argument = arguments[i++];
            // Positional arguments are names of targets.
            if (!argument.StartsWith('-'))
            {
                CheckTargets([argument], problems);
                continue;
            }

            var values = arguments.Skip(i).TakeWhile(x => !x.StartsWith('-')).ToList();
            i += values.Count;
            if (Find(argument, problems) is not { } parameter) continue;
            if (!given.Add(parameter))
                problems.Add(new Problem($"{parameter.Option} is given twice",
                    Expected: "it once; only the last would count"));
            CheckValues(parameter, values, parameter.Option, problems);
            if (parameter.NamesTargets) CheckTargets(values, problems);
        }

        return problems;
    }

    /// <summary>Checks the environment variables that NUKE would take for parameters.</summary>
    public IReadOnlyList<Problem> CheckEnvironment(IEnumerable<KeyValuePair<string, string>> variables)
    {
        var problems = new List<Problem>();
        foreach (var (name, value) in variables)
        {
            var folded = KnownParameter.Fold(name);
            var prefixed = folded.StartsWith("nuke", StringComparison.Ordinal);
            if (!_byName.TryGetValue(prefixed ? folded[4..] : folded, out var parameter)) continue;
            var nuke = "NUKE_" + parameter.Option[2..].Replace('-', '_').ToUpperInvariant();
            if (!prefixed && (parameter.IsBuiltIn || name != parameter.Name))
            {
                problems.Add(new Problem(
                    $"The environment variable {name}={value} would be taken for {parameter.Option}",
                    Remedy: $"Unset it, or, if that is meant, name it {nuke}"));
            }
            else
            {
                IReadOnlyList<string> values = value.Length == 0 ? []
                    : parameter.Shape is ParameterShape.List ? value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    : [value];
                CheckValues(parameter, values, $"The environment variable {name}", problems);
                if (parameter.NamesTargets) CheckTargets(values, problems);
            }
        }

        return problems;
    }

    /// <summary>Checks a parameter file, <c>.nuke/parameters.json</c> or that of a profile.</summary>
    public IReadOnlyList<Problem> CheckFile(AbsolutePath file)
    {
        var problems = new List<Problem>();
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return [new Problem("The file is no JSON object", file)];
            foreach (var property in json.RootElement.EnumerateObject().Where(x => x.Name != "$schema"))
            {
                if (parameters.Any(x => x.Name == property.Name))
                {
                    problems.AddRange(PasswordsIn(property, file));
                    continue;
                }

                problems.Add(new Problem($"There is no parameter '{property.Name}'", file,
                    Remedy: Suggest.DidYouMean(property.Name, parameters.Select(x => x.Name),
                        "Names are spelt here as in .nuke/build.schema.json")));
            }
        }
        catch (JsonException e)
        {
            problems.Add(new Problem($"The file is no JSON: {e.Message}", file, (int)(e.LineNumber ?? -1) + 1,
                (int)(e.BytePositionInLine ?? -1) + 1));
        }

        return problems;
    }

    /// <summary>A file of parameters is committed, or read by whoever reads the directory.</summary>
    static IEnumerable<Problem> PasswordsIn(JsonProperty property, AbsolutePath file) =>
        (property.Value.ValueKind == JsonValueKind.Array ? [.. property.Value.EnumerateArray()]
            : (IReadOnlyList<JsonElement>)[property.Value])
            .Where(x => x.ValueKind == JsonValueKind.String && WithPassword().IsMatch(x.GetString()!))
            .Select(_ => new Problem($"{property.Name} has a url with a password in it", file,
                Expected: "no secret in a file of parameters",
                Remedy: "Take it out of the file, and put it where the parameter's description says: a variable of the "
                    + "environment, ~/.netrc, or the file of --apt-auth"));

    [GeneratedRegex("://[^/@ ]*:[^/@ ]*@")]
    private static partial Regex WithPassword();

    KnownParameter? Find(string argument, List<Problem> problems)
    {
        var name = argument.TrimStart('-');
        if (name.Split('=', 2) is [var before, var after])
        {
            problems.Add(new Problem($"'{argument}' is not understood",
                Expected: $"the value as a word of its own: '--{before} {after}'"));
            return null;
        }

        if (name.Length > 0 && (char.IsDigit(name[0]) || name[0] == '.'))
        {
            problems.Add(new Problem($"'{argument}' starts with a dash and would be taken for a parameter",
                Expected: "no negative number here"));
            return null;
        }

        if (_byName.TryGetValue(KnownParameter.Fold(name), out var parameter)) return parameter;
        var options = parameters.Select(x => x.Option).ToList();
        problems.Add(new Problem($"There is no parameter '{argument}'",
            Remedy: Suggest.DidYouMean("--" + name, options, "./build.sh --help lists them")));
        return null;
    }

    /// <summary>
    /// NUKE says nothing when <c>--skip</c> names a target that is none; what was to be left out then runs.
    /// </summary>
    void CheckTargets(IReadOnlyList<string> values, List<Problem> problems)
    {
        foreach (var name in values.SelectMany(x => x.Split(['+', ' '], StringSplitOptions.RemoveEmptyEntries)))
        {
            if (targets.Any(x => KnownParameter.Fold(x) == KnownParameter.Fold(name))) continue;
            problems.Add(new Problem($"There is no target '{name}'",
                Remedy: Suggest.DidYouMean(name, targets, "./build.sh --help lists them")));
        }
    }

    void CheckValues(KnownParameter parameter, IReadOnlyList<string> values, string where, List<Problem> problems)
    {
        var wrong = (parameter.Shape, values.Count) switch
        {
            (ParameterShape.Switch, > 1) => $"has {values.Count} values ({string.Join(' ', values)}); expected none, "
                + "'true' or 'false'. Put names of targets before the first parameter",
            (ParameterShape.Single, 0) or (ParameterShape.List, 0) => "has no value",
            (ParameterShape.Single, > 1) => $"has {values.Count} values ({string.Join(' ', values)}); expected one. "
                + "Put names of targets before the first parameter",
            _ when values.Any(string.IsNullOrWhiteSpace) => "has an empty value",
            _ => null,
        };
        if (wrong is not null)
        {
            problems.Add(new Problem($"{where} {wrong}"));
            return;
        }

        IReadOnlyList<string>? allowed = parameter.Shape == ParameterShape.Switch
            ? ["true", "false"]
            : parameter.Values?.Invoke();
        foreach (var value in values)
        {
            if (allowed is not null && !allowed.Contains(value, StringComparer.OrdinalIgnoreCase))
            {
                var otherwise = targets.Contains(value, StringComparer.OrdinalIgnoreCase)
                    ? "Put names of targets before the first parameter"
                    : null;
                problems.Add(new Problem($"{where} has the value '{value}'", Expected: string.Join(", ", allowed),
                    Remedy: Suggest.DidYouMean(value, allowed, otherwise)));
            }
            else if (parameter.Convert(value) is { } expected)
            {
                problems.Add(new Problem($"{where} has the value '{value}'", Expected: expected));
            }
        }
    }
}
