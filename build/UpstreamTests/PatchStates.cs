using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.UpstreamTests;

/// <summary>What the tests of one patch are, as <c>patches.json</c> tells it to those who run them.</summary>
/// <param name="Title">The patch.</param>
/// <param name="Modules">Files of tests that it adds or changes.</param>
/// <param name="ChangesCode">Whether it changes anything but tests.</param>
/// <param name="WithoutAbsent">Files that the tree does not have without the patch.</param>
/// <param name="WithAbsent">Files that it does not have with it.</param>
public sealed record TestedPatch(string Title, IReadOnlyList<string> Modules, bool ChangesCode,
    IReadOnlyList<string> WithoutAbsent, IReadOnlyList<string> WithAbsent);

/// <summary>
/// A tree as each patch of a series found and left it: the files that any of them touches, and no others. Of patch N
/// there are <c>N/before</c>, the tests that it changes as they were, <c>N/without</c>, all files without the patch but
/// with its tests, and <c>N/with</c>, all files with it; the patches before it are applied in all three.
/// </summary>
public static class PatchStates
{
    /// <summary>The list beside the directories.</summary>
    public const string ListName = "patches.json";

    static readonly JsonSerializerOptions s_options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <param name="checkout">The tree without patches.</param>
    /// <param name="series">Its patches, which apply: they have been, before.</param>
    /// <param name="destination">Does not exist.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task MakeAsync(AbsolutePath checkout, PatchSeries series, AbsolutePath destination,
        CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(destination);
        using var mails = PatchMails.Read(series);
        ProblemException.ThrowIfAny([.. mails.All.SelectMany(x => x.Problems)]);
        var names = mails.All.SelectMany(x => x.Text.Names).Distinct(StringComparer.Ordinal).ToList();
        AbsolutePath tree = Directory.CreateTempSubdirectory("patch-states-").FullName;
        try
        {
            Copy(checkout, names, tree);
            var states = new List<TestedPatch>();
            foreach (var (number, mail) in mails.All.Index())
                states.Add(await MakeAsync(tree, names, mail, destination / $"{number}", cancellation));
            await File.WriteAllTextAsync(destination / ListName, JsonSerializer.Serialize(states, s_options),
                cancellation);
        }
        finally
        {
            Removal.Remove(tree);
        }
    }

    /// <exception cref="JsonException">It is no such list.</exception>
    public static IReadOnlyList<TestedPatch> Read(AbsolutePath directory) =>
        JsonSerializer.Deserialize<List<TestedPatch>>(File.ReadAllText(directory / ListName), s_options)!;

    static async Task<TestedPatch> MakeAsync(AbsolutePath tree, IReadOnlyList<string> names, PatchMail mail,
        AbsolutePath directory, CancellationToken cancellation)
    {
        var tests = mail.Text.Names.Where(IsTest).ToList();
        Copy(tree, tests, directory / "before");
        Copy(tree, names, directory / "without");
        if (tests.Count > 0)
            await ApplyAsync(directory / "without", mail, [.. tests.Select(x => $"--include={Literal(x)}")],
                cancellation);
        await ApplyAsync(tree, mail, [], cancellation);
        Copy(tree, names, directory / "with");
        return new TestedPatch(AppliedPatch.TitleOf(mail.Name, mail.Number),
            [.. tests.Where(x => IsModule(x) && File.Exists(directory / "with" / x)).Order(StringComparer.Ordinal)],
            mail.Text.Names.Except(tests).Any(IsCode), Absent(directory / "without"), Absent(directory / "with"));

        IReadOnlyList<string> Absent(AbsolutePath state) =>
            [.. names.Where(x => !Removal.IsThere(state / x)).Order(StringComparer.Ordinal)];
    }

    /// <summary>What pytest and unittest look for, and whatever lies among tests.</summary>
    internal static bool IsTest(string path) => path.Split('/') is var parts
        && (parts[..^1].Any(x => x is "tests" or "test") || parts[^1].StartsWith("test_", StringComparison.Ordinal));

    static bool IsModule(string path) => Path.GetFileName(path) is var name
        && name.StartsWith("test", StringComparison.Ordinal) && name.EndsWith(".py", StringComparison.Ordinal);

    /// <summary>Release notes and documentation change nothing that a test could see.</summary>
    static bool IsCode(string path) => !path.StartsWith("releasenotes/", StringComparison.Ordinal)
        && !path.StartsWith("doc/", StringComparison.Ordinal) && !path.EndsWith(".rst", StringComparison.Ordinal);

    /// <summary>git's patterns, of a name that is none.</summary>
    static string Literal(string path) => string.Concat(path.Select(x => "*?[\\".Contains(x) ? $"\\{x}" : $"{x}"));

    static Task<CommandResult> ApplyAsync(AbsolutePath tree, PatchMail mail, IReadOnlyList<string> options,
        CancellationToken cancellation) => new Git { WorkTree = tree }
            .Command(["apply", "--whitespace=nowarn", .. options, "--", mail.File]).RequireAsync(cancellation);

    static void Copy(AbsolutePath from, IEnumerable<string> names, AbsolutePath to)
    {
        Directory.CreateDirectory(to);
        foreach (var name in names.Where(x => Removal.IsThere(from / x)))
        {
            Directory.CreateDirectory((to / name).Parent!);
            if (new FileInfo(from / name).LinkTarget is { } target) File.CreateSymbolicLink(to / name, target);
            else File.Copy(from / name, to / name);
        }
    }
}
