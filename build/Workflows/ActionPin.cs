using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Workflows;

/// <summary>An action of somebody else, at one commit: a tag can be moved to other code, a commit cannot.</summary>
/// <param name="Name">Owner and repository, <c>actions/checkout</c>.</param>
/// <param name="Version">The tag that the commit had, for people and for Renovate.</param>
/// <param name="Sha">The commit.</param>
/// <param name="Runtime">What it runs on, as <c>runs.using</c> of its <c>action.yml</c> says.</param>
public sealed record ActionPin(string Name, string Version, string Sha, string Runtime)
{
    /// <summary>As a workflow refers to it.</summary>
    public override string ToString() => $"{Name}@{Sha} # {Version}";
}

/// <summary>The actions that the workflows may use: <c>build/Workflows/actions.yaml</c>.</summary>
[DescribedFile("The actions that the workflows use, each at one commit", Place = Place)]
public sealed class ActionPins : YamlReader
{
    /// <summary>Where they are, relative to the repository.</summary>
    public const string Place = "build/Workflows/actions.yaml";

    /// <summary>What runners have (docs.github.com, "Metadata syntax reference", <c>runs</c>).</summary>
    static readonly string[] s_runtimes = ["node24", "composite", "docker"];

    /// <summary>What they had, until 2026-09-16 the last of them (github.blog/changelog, "Deprecation of Node 20 on
    /// GitHub Actions runners").</summary>
    static readonly string[] s_gone = ["node12", "node16", "node20"];

    static readonly NameRule s_name = new("action", "owner/repository, as in actions/checkout",
        x => x.Contains('/'))
    {
        Pattern = "/",
    };

    static readonly NameRule s_commit = new("commit", "a full commit of 40 hexadecimal digits",
        x => x.Length == 40 && x.All(char.IsAsciiHexDigitLower))
    {
        Pattern = "^[0-9a-f]{40}$",
    };

    static readonly YamlFields s_action = new(
        new("name", "Owner and repository", YamlShape.Text(s_name), IsRequired: true),
        new("version", "The tag that the commit had", YamlShape.Scalar, IsRequired: true),
        new("sha", "The commit", YamlShape.Text(s_commit), IsRequired: true),
        new("runtime", "What it runs on, as runs.using of its action.yml says", YamlShape.OneOf(s_runtimes),
            IsRequired: true));

    public static YamlShape Shape { get; } = YamlShape.Sequence(s_action);

    readonly Dictionary<string, ActionPin> _pins = new(StringComparer.Ordinal);

    ActionPins(List<Problem> problems)
        : base(Place, problems)
    {
    }

    /// <summary>All of them, in the order of the file.</summary>
    public IReadOnlyList<ActionPin> All => [.. _pins.Values];

    /// <param name="root">The repository.</param>
    /// <exception cref="ProblemException">All mistakes of the file.</exception>
    public static ActionPins Read(Nuke.Common.IO.AbsolutePath root) => Parse(Utf8File.Read(root / Place, Place));

    /// <inheritdoc cref="Read"/>
    internal static ActionPins Parse(string text)
    {
        var problems = new List<Problem>();
        var pins = new ActionPins(problems);
        var actions = pins.ReadRoot(text);
        if (actions is not (null or YamlSequence))
            pins.Report(actions, $"there is {actions.Kind}", "a list of actions");
        foreach (var action in (actions as YamlSequence)?.Items ?? []) pins.Add(action);
        ProblemException.ThrowIfAny(problems);
        return pins;
    }

    /// <exception cref="ProblemException">It is not pinned.</exception>
    public ActionPin Of(string name) => _pins.GetValueOrDefault(name)
        ?? throw new ProblemException(new Problem($"the action {name} is not pinned", Place,
            Remedy: Suggest.DidYouMean(name, _pins.Keys, "Add it with its version and commit")));

    void Add(YamlNode node)
    {
        var entries = Entries(node, string.Join(", ", s_action.Keys));
        foreach (var (key, _) in entries.Where(x => !s_action.Keys.Contains(x.Key.Value)))
            ReportUnknown(key, s_action.Keys);
        var values = entries.Where(x => x.Value is YamlScalar)
            .ToDictionary(x => x.Key.Value, x => ((YamlScalar)x.Value).Value);
        if (!values.TryGetValue("name", out var name) || !values.TryGetValue("version", out var version)
            || !values.TryGetValue("sha", out var sha) || !values.TryGetValue("runtime", out var runtime))
            Report(node, "the entry is not complete", string.Join(", ", s_action.Keys));
        else if (s_gone.Contains(runtime))
            Report(node, $"{name} {version} runs on {runtime}, which runners do not have any more",
                string.Join(" or ", s_runtimes), "Take a newer version of it");
        else if (!s_runtimes.Contains(runtime))
            Report(node, $"{name} runs on '{runtime}'", string.Join(" or ", s_runtimes),
                "Write what runs.using says in its action.yml");
        else if (!s_name.Admits(name))
            Report(node, $"'{name}' is no action", s_name.Expected);
        else if (!s_commit.Admits(sha))
            Report(node, $"{name} is pinned to '{sha}'", s_commit.Expected,
                "A tag or a short commit can come to mean something else");
        else if (!_pins.TryAdd(name, new ActionPin(name, version, sha, runtime)))
            Report(node, $"{name} is there twice", remedy: "Remove one of them");
    }
}
