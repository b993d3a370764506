using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Sources;

/// <summary>
/// The one place where git is run. Without a <see cref="Remote"/> git sees no configuration but ours and never talks to
/// a network; with one, the user's configuration (<c>url.*.insteadOf</c>, credential helpers, proxies) counts as well.
/// A url is handed over as configuration of the remote <c>origin</c>, not as an argument: it can be no option, and is
/// neither printed nor stored.
/// </summary>
public sealed record Git
{
    const string Nowhere = "/dev/null";

    /// <summary>What makes other bytes of the files of a user's work tree, and is the user's to say.</summary>
    static readonly string[] s_conversions = ["core.attributesFile", "core.autocrlf"];

    /// <summary>Variables with which a caller (a git hook, an alias) would redirect our git.</summary>
    static readonly string[] s_foreign =
    [
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_ATTR_SOURCE", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_GRAFT_FILE",
        "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE",
    ];

    static readonly (string Key, string Value)[] s_config =
    [
        ("core.attributesFile", Nowhere),
        ("core.autocrlf", "false"),
        ("core.fsmonitor", "false"),
        ("core.hooksPath", Nowhere),
        ("core.logAllRefUpdates", "false"),
        ("core.quotePath", "false"),
        // Whether line ends survive a conversion is no reason not to read a tree, and no second index is written beside
        // the first.
        ("core.safecrlf", "false"),
        ("core.splitIndex", "false"),
        ("core.untrackedCache", "false"),
        ("fetch.recurseSubmodules", "false"),
        ("fetch.unpackLimit", "1"),
        ("fetch.writeCommitGraph", "false"),
        ("http.lowSpeedLimit", "1000"),
        ("http.lowSpeedTime", "60"),
        // Maintenance in the background would outlive our lock on the mirror.
        ("gc.auto", "0"),
        ("gc.autoDetach", "false"),
        ("gc.writeCommitGraph", "false"),
        ("maintenance.auto", "false"),
        // What is written must not depend on the number of processors or on the version of git.
        ("fastimport.unpackLimit", "1"),
        ("index.skipHash", "false"),
        ("index.threads", "1"),
        ("index.version", "2"),
        ("pack.threads", "1"),
        ("pack.writeReverseIndex", "false"),
        ("protocol.ext.allow", "never"),
        ("protocol.version", "2"),
        ("safe.directory", "*"),
        ("submodule.recurse", "false"),
    ];

    /// <summary>The repository; without one git finds none, wherever it is started.</summary>
    public AbsolutePath? Directory { get; init; }

    public AbsolutePath? WorkTree { get; init; }

    public AbsolutePath? Index { get; init; }

    /// <summary>
    /// Where objects are written to; those of <see cref="Directory"/> have to be among its alternates.
    /// </summary>
    public AbsolutePath? Objects { get; init; }

    /// <summary>The url of <c>origin</c>.</summary>
    public string? Remote { get; init; }

    /// <summary>
    /// Whether the user's configuration counts, as in a work tree of the user's, conversions of line ends too; with a
    /// remote it does but for those.
    /// </summary>
    public bool HasUserConfiguration { get; init; }

    bool TakesUserConfiguration => Remote is not null || HasUserConfiguration;

    /// <summary>One run of git in the given subcommand and arguments.</summary>
    public Command Command(params IReadOnlyList<string> arguments) => new("git", arguments)
    {
        Environment = Environment(),
        WorkingDirectory = WorkTree,
        Remedy = "Install git 2.39 or newer, e.g. 'apt-get install git'",
    };

    Dictionary<string, string?> Environment()
    {
        var environment = new Dictionary<string, string?>
        {
            ["GIT_ATTR_NOSYSTEM"] = HasUserConfiguration ? null : "1",
            ["GIT_DEFAULT_HASH"] = "sha1",
            ["GIT_DEFAULT_REF_FORMAT"] = "files",
            ["GIT_DIR"] = Directory ?? Nowhere,
            ["GIT_INDEX_FILE"] = Index,
            ["GIT_NO_REPLACE_OBJECTS"] = "1",
            ["GIT_OPTIONAL_LOCKS"] = "0",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["GIT_WORK_TREE"] = WorkTree,
            ["LC_ALL"] = "C",
        };
        foreach (var name in s_foreign) environment[name] = null;
        if (Objects is not null) environment["GIT_OBJECT_DIRECTORY"] = Objects;
        if (Remote is null) environment["GIT_NO_LAZY_FETCH"] = "1";
        if (!TakesUserConfiguration)
        {
            environment["GIT_CONFIG_GLOBAL"] = Nowhere;
            environment["GIT_CONFIG_NOSYSTEM"] = "1";
            environment["GIT_CONFIG_PARAMETERS"] = null;
        }

        AddConfiguration(environment);
        return environment;
    }

    void AddConfiguration(Dictionary<string, string?> environment)
    {
        var ours = HasUserConfiguration ? [.. s_config.Where(x => !s_conversions.Contains(x.Key))] : s_config;
        var config = Remote is null ? ours : [.. ours, ("remote.origin.url", Remote)];
        var first = 0;
        if (TakesUserConfiguration)
        {
            // Ours comes after what the caller's environment says in the same way.
            _ = int.TryParse(System.Environment.GetEnvironmentVariable("GIT_CONFIG_COUNT"),
                CultureInfo.InvariantCulture, out first);
        }

        for (var i = 0; i < config.Length; i++)
        {
            environment[$"GIT_CONFIG_KEY_{first + i}"] = config[i].Key;
            environment[$"GIT_CONFIG_VALUE_{first + i}"] = config[i].Value;
        }

        environment["GIT_CONFIG_COUNT"] = $"{first + config.Length}";
    }
}
