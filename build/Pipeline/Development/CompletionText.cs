using Nuke.Common.Execution;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Start;

namespace OpenStack.Pipeline.Development;

/// <summary>
/// <c>.nuke/completion.txt</c>: targets and parameters for <c>build/Completion</c>, which has no time to start this
/// program. A line each, fields apart by tabs: <c>target</c>, name, description; <c>option</c>, name, how many values
/// (<c>switch</c>, <c>single</c>, <c>list</c>), which values, description. Values are words, or what the repository has
/// then: <c>@service</c>, <c>@release</c>, <c>@component=</c>, <c>@profile</c>; nothing where they are anything.
/// </summary>
/// <param name="build">The build class.</param>
/// <param name="targets">All its targets.</param>
sealed class CompletionText(Type build, IReadOnlyCollection<ExecutableTarget> targets)
{
    public const string Place = ".nuke/completion.txt";

    const int LongestDescription = 72;

    static readonly Dictionary<string, string> s_names = new()
    {
        [nameof(IHazCatalog.Service)] = "@service",
        [nameof(IHazCatalog.Release)] = "@release",
        [nameof(IHazSelection.Ref)] = "@component=",
        [nameof(IHazSelection.Source)] = "@component=",
        ["Profile"] = "@profile",
    };

    /// <summary>What only programs say.</summary>
    static readonly string[] s_hidden = ["Target", "ShellCompletion", "GenerateConfiguration", "Partition"];

    public override string ToString() => "# Written by ./build.sh --generate-docs\n" + string.Concat(
    [
        .. targets.Where(x => x.Listed).OrderBy(x => x.Name, StringComparer.Ordinal)
            .Select(x => $"target\t{x.Name}\t{Short(x.Description ?? "")}\n"),
        .. KnownParameter.Of(build).Concat(KnownParameter.BuiltIn).Where(x => !s_hidden.Contains(x.Name))
            .OrderBy(x => x.Option, StringComparer.Ordinal)
            .Select(x => $"option\t{x.Option}\t{ManyOf(x)}\t{ValuesOf(x)}\t{Short(x.Description)}\n"),
    ]);

    static string ManyOf(KnownParameter parameter) => parameter.Shape switch
    {
        ParameterShape.Switch => "switch",
        ParameterShape.Single => "single",
        _ => "list",
    };

    static string ValuesOf(KnownParameter parameter) => parameter.NamesTargets ? "@target"
        : s_names.GetValueOrDefault(parameter.Name)
        ?? string.Join(' ', (parameter.Values?.Invoke() ?? [])
            .Select(x => parameter.IsBuiltIn ? x : x.ToLowerInvariant()));

    /// <summary>As much of it as fits beside a name.</summary>
    static string Short(string description)
    {
        if (description.Length <= LongestDescription) return description;
        var end = description.LastIndexOf(' ', LongestDescription);
        return $"{description[..end].TrimEnd(',', ':', ';')} …";
    }
}
