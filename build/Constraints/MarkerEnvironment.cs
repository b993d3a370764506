namespace OpenStack.Constraints;

/// <summary>The values of the variables of PEP 508 markers.</summary>
public sealed record MarkerEnvironment(IReadOnlyDictionary<string, string> Values)
{
    /// <summary>The variables that PEP 508 defines ("Environment markers").</summary>
    public static IReadOnlyList<string> Variables { get; } =
    [
        "python_version", "python_full_version", "os_name", "sys_platform", "platform_machine", "platform_python_implementation",
        "platform_release", "platform_system", "platform_version", "implementation_name", "implementation_version", "extra",
    ];

    /// <summary>The variables that are compared as versions.</summary>
    public static IReadOnlySet<string> VersionVariables { get; } =
        new HashSet<string>(StringComparer.Ordinal) { "python_version", "python_full_version", "implementation_version", "platform_release" };

    /// <summary>CPython on Linux.</summary>
    /// <param name="pythonVersion">Full version, as in <c>3.12.3</c>; two numbers stand for their first patch release.</param>
    /// <param name="machine">As <c>uname -m</c> says.</param>
    public static MarkerEnvironment Linux(string pythonVersion, string machine = "x86_64")
    {
        var numbers = pythonVersion.Split('.');
        var full = numbers.Length == 2 ? pythonVersion + ".0" : pythonVersion;
        return new MarkerEnvironment(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["python_version"] = string.Join('.', numbers.Take(2)),
            ["python_full_version"] = full,
            ["os_name"] = "posix",
            ["sys_platform"] = "linux",
            ["platform_machine"] = machine,
            ["platform_python_implementation"] = "CPython",
            ["platform_system"] = "Linux",
            ["implementation_name"] = "cpython",
            ["implementation_version"] = full,
        });
    }

    /// <summary>The same environment, in which <paramref name="extra"/> is being installed.</summary>
    public MarkerEnvironment WithExtra(string extra) =>
        new(new Dictionary<string, string>(Values, StringComparer.Ordinal) { ["extra"] = PythonName.Of(extra).Value });

    /// <summary>The value of a variable; empty where the environment does not say.</summary>
    public string this[string variable] => Values.GetValueOrDefault(variable, "");
}
