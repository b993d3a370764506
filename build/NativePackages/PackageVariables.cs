using System.Text.RegularExpressions;
using OpenStack.Diagnostics;

namespace OpenStack.NativePackages;

/// <summary>
/// What <c>{name}</c> stands for in the data of packages: four names, and nothing that is evaluated. A text is checked
/// when it is read, so that filling it in cannot fail.
/// </summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Release">The OpenStack release.</param>
/// <param name="Version">Version of the package.</param>
public sealed partial record PackageVariables(string Service, string Release, PackageVersion Version)
{
    static readonly string[] s_names = ["service", "version", "release", "patches"];

    /// <summary>Reports every name in braces that is none of ours.</summary>
    /// <param name="line">Of the text's beginning, from 1.</param>
    /// <param name="column">The same.</param>
    public static void Check(string text, string file, int line, int column, List<Problem> problems)
    {
        foreach (Match match in NameRegex().Matches(text))
        {
            var name = match.Groups["name"].Value;
            if (s_names.Contains(name) && match.Groups["shell"].Length == 0) continue;
            var before = text[..match.Index];
            var (down, last) = (before.Count(x => x == '\n'), before.LastIndexOf('\n'));
            problems.Add(new Problem($"'{match.Value}' stands for nothing", file, line + down,
                down == 0 ? column + match.Index : match.Index - last,
                string.Join(", ", s_names.Select(x => $"{{{x}}}")),
                match.Groups["shell"].Length > 0
                    ? $"Write ${name}, if a variable of the shell is meant"
                    : Suggest.DidYouMean(name, s_names)));
        }
    }

    /// <summary>The text with the values of all names.</summary>
    public string Fill(string text) => NameRegex().Replace(text, x => x.Groups["name"].Value switch
    {
        "service" => Service,
        "version" => Version.Python.Normal,
        "release" => Release,
        "patches" => $"{Version.Patches}",
        _ => x.Value,
    });

    [GeneratedRegex(@"(?<shell>\$?)\{(?<name>[A-Za-z_][\w-]*)\}")]
    private static partial Regex NameRegex();
}
