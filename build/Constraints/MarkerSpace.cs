namespace OpenStack.Constraints;

/// <summary>
/// The environments of images that markers tell apart: CPython on Linux, on the machines that images are published for
/// and on those that are named, with every version of Python at, before and behind one that is named.
/// </summary>
static class MarkerSpace
{
    static readonly string[] s_machines = ["x86_64", "aarch64"];

    /// <summary>One environment for each combination; what no marker asks for has one value.</summary>
    public static IReadOnlyList<MarkerEnvironment> Of(IEnumerable<Marker> markers)
    {
        var texts = markers.SelectMany(x => x.Comparisons)
            .Where(x => x.Left.IsVariable != x.Right.IsVariable)
            .ToLookup(x => x.Variable, x => x.Left.IsVariable ? x.Right.Text : x.Left.Text);
        var pythons = new[] { "python_version", "python_full_version", "implementation_version" }.SelectMany(x =>
            texts[x]).SelectMany(Around).Append("3.13.5").Distinct();
        var machines = s_machines.Concat(texts["platform_machine"].SelectMany(Words)).Distinct().ToList();
        var environments = pythons.SelectMany(python =>
            machines.Select(machine => MarkerEnvironment.Linux(python, machine))).ToList();
        // What only the machine knows that runs the image: the values that are named, and another one.
        return ((string[])["platform_release", "platform_version"]).Where(texts.Contains)
            .Aggregate(environments, (all, variable) =>
            [.. all.SelectMany(x =>
                texts[variable].SelectMany(Words).Append("").Select(value => With(x, variable, value)))]);
    }

    /// <summary>The environment in words, as far as the markers ask for it.</summary>
    public static string Describe(MarkerEnvironment environment, IEnumerable<Marker> markers) => string.Join(" and ",
        markers.SelectMany(x => x.Comparisons)
            .Select(x => x.Variable)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .SelectMany(x => environment.ValuesOf(x).Take(1).Select(value => $"{x} '{value}'")));

    /// <summary>A text is one value for <c>==</c>, several for <c>in</c>.</summary>
    static IEnumerable<string> Words(string text) =>
        text.Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries).Append(text).Distinct();

    /// <summary>Full versions of Python at which a comparison with this one can change its answer.</summary>
    static IEnumerable<string> Around(string text)
    {
        foreach (var version in Words(text)
            .Select(x => PythonVersion.TryParse(x.Replace(".*", "", StringComparison.Ordinal))).OfType<PythonVersion>())
        {
            var (major, minor) = (version.Release[0], version.Release.ElementAtOrDefault(1));
            for (var number = Math.Max(0, minor - 1); number <= minor + 1; number++)
            {
                var patch = version.Release.ElementAtOrDefault(2);
                foreach (var x in new[] { 0, patch - 1, patch, patch + 1, 99 }.Where(x => x >= 0).Distinct())
                    yield return $"{major}.{number}.{x}";
            }
        }
    }

    static MarkerEnvironment With(MarkerEnvironment environment, string variable, string value) =>
        new(new Dictionary<string, string>(environment.Values, StringComparer.Ordinal) { [variable] = value });
}
