using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>One process of a set of services, or what has to be done before others start.</summary>
/// <param name="Name">Its name, of which there is one in all images.</param>
/// <param name="Image">The image that it runs in.</param>
/// <param name="At">Where it is said.</param>
public sealed record SetMember(string Name, string Image, Problem At)
{
    /// <summary>The members that have to answer before it is started.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Databases that are there for it.</summary>
    public IReadOnlyList<string> Databases { get; init; } = [];

    /// <summary>Files that are written before anything runs: path to text.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Commands that run to their end before it starts.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Prepare { get; init; } = [];

    /// <summary>What runs until the set ends; none where it is done when it is prepared.</summary>
    public IReadOnlyList<string> Start { get; init; } = [];

    /// <summary>What answers when it is ready: <c>tcp://</c> or <c>http://</c>; null where nothing does.</summary>
    public string? Ready { get; init; }

    /// <summary>What it must answer to whoever is known to the identity service.</summary>
    public IReadOnlyList<SetRequest> Requests { get; init; } = [];

    /// <summary>What the catalog of the identity service says of it; null where that knows nothing of it.</summary>
    public SetEndpoint? Endpoint { get; init; }

    /// <summary>What Tempest is told of it (<c>tempest.conf</c>).</summary>
    public string Tempest { get; init; } = "";

    /// <summary>Regular expressions of Tempest's tests that are about it.</summary>
    public IReadOnlyList<string> Tests { get; init; } = [];

    /// <summary>What whoever becomes root in it may have, as in <c>SYS_ADMIN</c>.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>The distribution's packages that it is made of; of servers that no image has.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];
}

/// <summary>A service in the catalog of the identity service.</summary>
/// <param name="Name">Name of the service, and of its user.</param>
/// <param name="Type">Type of the service.</param>
/// <param name="Url">Where it answers.</param>
public sealed record SetEndpoint(string Name, string Type, string Url);

/// <summary>A request by the administrator, with a token, and what has to come of it.</summary>
/// <param name="Method">Of HTTP.</param>
/// <param name="Url">Where to.</param>
/// <param name="Status">The status that has to come.</param>
public sealed record SetRequest(string Method, string Url, int Status)
{
    /// <summary>JSON to send; null for none.</summary>
    public string? Body { get; init; }

    /// <summary>Text that the answer has to have; null for any.</summary>
    public string? Contains { get; init; }
}

/// <summary>How Tempest runs against a set of services.</summary>
public sealed record SetTests
{
    /// <summary>Files that are written before anything runs: path to text.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Regular expressions of tests, by the name that <c>--test-selection</c> knows them by.</summary>
    public IReadOnlyDictionary<string, string> Selections { get; init; } = new Dictionary<string, string>();

    /// <summary>Regular expressions of the reasons for which a test may be skipped.</summary>
    public IReadOnlyList<string> Skips { get; init; } = [];

    /// <summary>The same of what is skipped where an image is not in the set, by image.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> SkipsWithout { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    public IReadOnlyList<ExcludedTests> Excluded { get; init; } = [];

    /// <summary>Those of a release.</summary>
    public IReadOnlyList<ExcludedTests> ExcludedIn(string release) => [.. Excluded.Where(x => x.IsOf(release))];
}

/// <summary>What one image says of sets of services: <c>images/&lt;image&gt;/set.yaml</c>.</summary>
/// <param name="Members">What runs in it.</param>
/// <param name="Tests">How Tempest runs; null of any image but Tempest's.</param>
public sealed record SetData(IReadOnlyList<SetMember> Members, SetTests? Tests);
