using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>What runs the tests of a project.</summary>
public enum TestRunner
{
    /// <summary>stestr, as <c>.stestr.conf</c> of nearly all of OpenStack says.</summary>
    Stestr,

    /// <summary>pytest, as Horizon's own script does.</summary>
    Pytest,

    /// <summary>GNU Autotest, by <c>make check</c>: of what is no Python distribution, and has such a suite.</summary>
    Autotest,
}

/// <summary>Tests of upstream's that do not count, and why.</summary>
/// <param name="Tests">A regular expression, found anywhere in the name of a test.</param>
/// <param name="Reason">Why they do not count.</param>
/// <param name="Until">The day from which on somebody has to look at it again.</param>
/// <param name="At">Where that is said.</param>
public sealed record ExcludedTests(string Tests, string Reason, DateOnly Until, Problem At)
{
    /// <summary>Where upstream speaks of it; null where nobody does.</summary>
    public string? Bug { get; init; }

    /// <summary>The releases that it is about; none is all of them.</summary>
    public IReadOnlyList<string> Releases { get; init; } = [];

    public bool IsOf(string release) => Releases.Count == 0 || Releases.Contains(release);
}

/// <summary>How upstream's own tests of a service run: <c>images/&lt;image&gt;/tests.yaml</c>.</summary>
public sealed record TestSettings
{
    public TestRunner Runner { get; init; }

    /// <summary>Directories of the tests; none is what the project's own configuration says.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Whether the tests write into the tree, of which they see a copy then.</summary>
    public bool WritesToTree { get; init; }

    /// <summary>Files of the tree that say what the tests want.</summary>
    public IReadOnlyList<string> Requirements { get; init; } = ["test-requirements.txt"];

    /// <summary>What those files want and no test does: linters.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Extras of the distribution that the tests want.</summary>
    public IReadOnlyList<string> Extras { get; init; } = [];

    /// <summary>Distributions that the tests want and no file says.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>Servers that the tests look for, as <c>images/set-backend/set.yaml</c> names them.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Variables for the tests.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<ExcludedTests> Excluded { get; init; } = [];

    /// <summary>Those of a release.</summary>
    public IReadOnlyList<ExcludedTests> ExcludedIn(string release) =>
        [.. Excluded.Where(x => x.IsOf(release))];
}
