using System.Collections;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Pipeline.Start;

/// <summary>
/// Runs before NUKE does anything: a wrong <c>--host</c>, a missing profile or a directory without <c>.nuke</c> would
/// otherwise end in a stack trace, or in nothing at all.
/// </summary>
public static class StartCheck
{
    /// <returns>Whether the build may start; what is wrong has been printed otherwise.</returns>
    public static bool Passes(Type build)
    {
        // Whoever starts the build, an IDE or a test: NUKE would ask, or write into the next project file.
        Environment.SetEnvironmentVariable("NUKE_TELEMETRY_OPTOUT", "1");
        var arguments = Environment.GetCommandLineArgs().Skip(1).ToList();
        var check = new ArgumentCheck([.. KnownParameter.BuiltIn, .. KnownParameter.Of(build)],
            KnownParameter.TargetsOf(build));
        var problems = new List<Problem>();
        problems.AddRange(check.CheckCommandLine(arguments));
        problems.AddRange(check.CheckEnvironment(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(x => KeyValuePair.Create((string)x.Key, (string?)x.Value ?? ""))));
        if (problems.Count == 0) problems.AddRange(CheckFiles(check, arguments));
        foreach (var problem in problems) Console.Error.WriteLine(problem);
        return problems.Count == 0;
    }

    static IEnumerable<Problem> CheckFiles(ArgumentCheck check, IReadOnlyList<string> arguments)
    {
        if (FindRoot(arguments) is not { } root)
        {
            return [NamedRoot(arguments) is { } named
                ? new Problem($"The root {named} has no .nuke directory",
                    Remedy: "Name the repository with --root, or leave it out")
                : new Problem($"There is no .nuke directory in or above {Environment.CurrentDirectory}",
                    Remedy: "Use build.sh, or name the repository with --root")];
        }

        var nuke = root / ".nuke";
        var profiles = ValuesOf(arguments, "profile")
            ?? Environment.GetEnvironmentVariable("NUKE_PROFILE")
                ?.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .ToList()
            ?? [];
        var missing = profiles.Where(x => !File.Exists(nuke / $"parameters.{x}.json")).ToList();
        var known = Directory.EnumerateFiles(nuke, "parameters.*.json")
            .Select(x => Path.GetFileName(x).Split('.', 2)[1][..^".json".Length])
            .Order()
            .ToList();
        return missing.Count > 0
            ? missing.Select(x => new Problem($"There is no profile '{x}'",
                Expected: known.Count == 0 ? "none: there are no profiles" : string.Join(", ", known),
                Remedy: Suggest.DidYouMean(x, known)))
            : profiles.Select(x => nuke / $"parameters.{x}.json")
                .Prepend(nuke / "parameters.json")
                .Where(x => File.Exists(x))
                .SelectMany(check.CheckFile);
    }

    static AbsolutePath? FindRoot(IReadOnlyList<string> arguments)
    {
        if (NamedRoot(arguments) is { } named)
            return Directory.Exists(Path.Combine(named, ".nuke")) ? (AbsolutePath)Path.GetFullPath(named) : null;
        for (var directory = new DirectoryInfo(Environment.CurrentDirectory);
            directory is not null;
            directory = directory.Parent)
        {
            if (Directory.Exists(Path.Combine(directory.FullName, ".nuke"))) return (AbsolutePath)directory.FullName;
        }

        return null;
    }

    static string? NamedRoot(IReadOnlyList<string> arguments) =>
        ValuesOf(arguments, "root") is { } values
            ? values.FirstOrDefault() ?? "."
            : Environment.GetEnvironmentVariable("NUKE_ROOT");

    static List<string>? ValuesOf(IReadOnlyList<string> arguments, string name)
    {
        var index = arguments.ToList().FindLastIndex(x => x.StartsWith('-') && KnownParameter.Fold(x) == name);
        return index < 0 ? null : [.. arguments.Skip(index + 1).TakeWhile(x => !x.StartsWith('-'))];
    }
}
