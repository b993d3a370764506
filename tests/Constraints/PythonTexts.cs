namespace OpenStack.Tests.Constraints;

/// <summary>
/// Requirements, markers, specifiers and versions, right ones and nearly right ones; the same seed gives the same.
/// </summary>
sealed class PythonTexts(int seed)
{
    static readonly string[] s_names =
        ["six", "oslo.config", "Foo_Bar", "zope.interface", "a", "x1", "PyYAML", "foo--bar", "foo_",
        "ruamel.yaml.clib", "foo-", "-foo", "1", "é"];
    static readonly string[] s_operators = ["==", ">=", "<=", "<", ">", "!=", "~=", "===", "=", "=>", ">=="];
    static readonly string[] s_variables =
    [
        "python_version", "python_full_version", "os_name", "sys_platform", "platform_machine",
            "platform_python_implementation", "platform_release",
        "platform_system", "platform_version", "implementation_name", "implementation_version", "extra", "os.name",
            "sys.platform", "platform.version",
        "platform.machine", "platform.python_implementation", "python_implementation", "python_versions",
            "platform_release", "python_version", "extra",
    ];

    static readonly string[] s_values =
        ["linux", "posix", "3.13", "3.13.2", "CPython", "audit_notifications", "Audit-Notifications", "x86_64", "",
        "win32 linux", "3.12, 3.13", "6.1.0-28-amd64", "3.13.*", "a b"];

    readonly Random _random = new(seed);

    /// <summary>
    /// The values that markers are compared with; what two releases of the library agree on has no place to differ.
    /// </summary>
    public static Dictionary<string, string> Environment { get; } = new()
    {
        ["python_version"] = "3.13",
        ["python_full_version"] = "3.13.5",
        ["os_name"] = "posix",
        ["sys_platform"] = "linux",
        ["platform_machine"] = "x86_64",
        ["platform_python_implementation"] = "CPython",
        ["platform_release"] = "6.1.0",
        ["platform_system"] = "Linux",
        ["platform_version"] = "#1 SMP Debian",
        ["implementation_name"] = "cpython",
        ["implementation_version"] = "3.13.5",
        ["extra"] = "audit-notifications",
    };

    public string Version()
    {
        var version = One("", "", "", "", "v", "1!", "0!")
            + string.Join('.',
                Enumerable.Range(0, _random.Next(1, 5)).Select(_ => One("0", "1", "2", "3", "10", "00", "2024", "08")));
        if (Often(4)) version += One("a", "b", "rc", ".a", "-alpha", "_beta.", "c", "pre", "preview", "RC", "-rc-")
            + One("", "0", "1", "12");
        if (Often(4)) version += One(".post1", "-1", "post", ".rev2", "_r3", "-post-0");
        if (Often(4)) version += One(".dev1", "dev", "-dev0", "_dev_3");
        if (Often(5)) version += One("+p1", "+ubuntu.1", "+1-2_3", "+001", "+ABC.7");
        return Often(25) ? version + One("x", ".", "+", "-", "..1", "!1", ".*") : version;
    }

    public string Specifier() => One(s_operators[..8]) + One("", "", " ", "\t") + Version() + (Often(6) ? ".*" : "");

    public string Requirement()
    {
        var text = One("", "", "", " ") + One(s_names) + Blank() + (Often(3)
            ? "[" + Blank()
                + string.Join(Blank() + "," + Blank(), Some(3, () => One("s3", "Foo_Bar", "a.b", "ldap", "-x")))
                + Blank() + One("]", "]", "]", "]", "]", "]", ",]", "")
            : "")
            + Blank();
        var specifiers = string.Join(Blank() + "," + Blank(), Some(4,
            () => One(s_operators) is var x && !Often(6) ? One(s_operators[..8]) + Blank() + Version() : x + Version()))
            + (Often(6) ? "," : "") + (Often(12) ? ".*" : "");
        var body = _random.Next(10) switch
        {
            < 4 => specifiers,
            < 7 => "(" + Blank() + specifiers + Blank() + One(")", ")", ")", ")", ")", ")", ")", "", ") x"),
            < 9 => "@" + Blank() + One("https://example.org/a.whl", "git+https://x/y@1;z", "file:///x,y", ""),
            _ => "",
        };
        return text + body + (Often(2) ? One(" ", " ", "\t", "", "  ") + ";" + Blank() + Marker(2) : "")
            + One("", "", "", " ", "\t");
    }

    /// <param name="depth">Of parentheses at most.</param>
    public string Marker(int depth)
    {
        var text = Comparison(depth);
        while (Often(3)) text += One(" ", "  ", "\t")
            + One("and", "or", "and", "or", "and", "or", "and", "or", "xor", "And") + One(" ", "\t")
            + Comparison(depth);
        return text;
    }

    string Comparison(int depth)
    {
        if (depth > 0 && Often(4)) return "(" + Blank() + Marker(depth - 1) + Blank() + (Often(40) ? "" : ")");
        var (variable, value) = (One(s_variables), Quoted(Often(3) ? Version() : One(s_values)));
        var @operator = Often(4) ? " in " : Often(6) ? " not  in " : Blank() + One(s_operators[..7]) + Blank();
        return Often(5) && @operator is not (" in " or " not  in ") || Often(12) ? value + @operator + variable
            : variable + @operator + value;
    }

    string Quoted(string text) =>
        One("'", "\"") is var quote && text.Contains(quote[0]) ? text : Often(60) ? quote + text : quote + text + quote;

    string Blank() => One("", "", "", " ", "  ", "\t");

    IEnumerable<string> Some(int most, Func<string> make) =>
        [.. Enumerable.Range(0, _random.Next(most)).Select(_ => make())];

    string One(params string[] of) => of[_random.Next(of.Length)];

    bool Often(int oneIn) => _random.Next(oneIn) == 0;
}
