namespace OpenStack.Constraints;

/// <summary>The values of the variables of PEP 508 markers, as far as they are known.</summary>
public sealed record MarkerEnvironment(IReadOnlyDictionary<string, string> Values)
{
    const string Python = "python_version";
    const string PythonFull = "python_full_version";
    const string Implementation = "implementation_version";
    const string Extra = "extra";

    /// <summary>No release of Python has had as many patches.</summary>
    const int Patches = 100;

    /// <summary>The variables that there are ("Dependency specifiers", environment markers).</summary>
    public static IReadOnlyList<string> Variables { get; } =
    [
        Python, PythonFull, "os_name", "sys_platform", "platform_machine", "platform_python_implementation",
            "platform_release",
        "platform_system", "platform_version", "implementation_name", Implementation, Extra, "extras",
            "dependency_groups",
    ];

    /// <summary>
    /// The names that the variables had before PEP 508, which old metadata has (PEP 345, and setuptools).
    /// </summary>
    public static IReadOnlyDictionary<string, string> OldNames { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["os.name"] = "os_name",
            ["sys.platform"] = "sys_platform",
            ["platform.version"] = "platform_version",
            ["platform.machine"] = "platform_machine",
            ["platform.python_implementation"] = "platform_python_implementation",
            ["python_implementation"] = "platform_python_implementation",
        };

    /// <summary>The variables that are compared as versions.</summary>
    public static IReadOnlySet<string> VersionVariables { get; } =
        new HashSet<string>(StringComparer.Ordinal) { Python, PythonFull, Implementation, "platform_release" };

    /// <summary>The variables whose values are names of extras or groups.</summary>
    public static IReadOnlySet<string> NameVariables { get; } =
        new HashSet<string>(StringComparer.Ordinal) { Extra, "extras", "dependency_groups" };

    /// <summary>CPython on Linux. The kernel is that of the machine that runs it, and not known.</summary>
    /// <param name="pythonVersion">
    /// Full version, as in <c>3.12.3</c>. Of two numbers the patch is not known, and what depends on it is not decided;
    /// null where nothing is.
    /// </param>
    /// <param name="machine">As <c>uname -m</c> says.</param>
    public static MarkerEnvironment Linux(string? pythonVersion, string machine = "x86_64")
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["os_name"] = "posix",
            ["sys_platform"] = "linux",
            ["platform_machine"] = machine,
            ["platform_python_implementation"] = "CPython",
            ["platform_system"] = "Linux",
            ["implementation_name"] = "cpython",
        };
        var numbers = pythonVersion?.Split('.') ?? [];
        if (numbers.Length > 1) values[Python] = string.Join('.', numbers.Take(2));
        if (numbers.Length > 2) values[PythonFull] = values[Implementation] = pythonVersion!;
        return new MarkerEnvironment(values);
    }

    /// <summary>The same environment, in which <paramref name="extra"/> is being installed.</summary>
    public MarkerEnvironment WithExtra(string extra) =>
        new(new Dictionary<string, string>(Values, StringComparer.Ordinal) { [Extra] = PythonName.Of(extra).Value });

    /// <summary>
    /// The values that a variable may have: its own where that is known, all patches of a version of CPython that is
    /// known without its patch, else none. No extra is the empty text.
    /// </summary>
    public IReadOnlyList<string> ValuesOf(string variable)
    {
        if (Values.TryGetValue(variable, out var value)) return [value];
        if (variable == Extra) return [""];
        return variable is PythonFull or Implementation && Values.TryGetValue(Python, out var version)
            ? [.. Enumerable.Range(0, Patches).Select(x => $"{version}.{x}")]
            : [];
    }
}
