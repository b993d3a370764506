using Nuke.Common;
using OpenStack.Diagnostics;
using OpenStack.Indexes;
using OpenStack.Network;

namespace OpenStack.Pipeline.Images;

/// <summary>Which package indexes Python distributions come from.</summary>
interface IHazIndexes : INukeBuild
{
    [Parameter("Package index in place of PyPI, as in 'https://index.example.org/simple', or with a name by which its "
        + "user and password are found (UV_INDEX_NAME_USERNAME, UV_INDEX_NAME_PASSWORD), as in 'private=https://…'")]
    string? DefaultIndex => TryGetValue(() => DefaultIndex);

    [Parameter("Further package indexes, in the same form. They are asked before the default one, and what they have a "
        + "name of is taken from nowhere else", Separator = " ")]
    string[] Index => TryGetValue(() => Index) ?? [];

    [Parameter("Takes indexes that are not given from where uv and pip of this machine have them: UV_INDEX and "
        + "UV_DEFAULT_INDEX, uv.toml, PIP_EXTRA_INDEX_URL and PIP_INDEX_URL, pip.conf, in this order")]
    bool HostIndexes => TryGetValue<bool?>(() => HostIndexes) ?? false;

    HostIndexes IndexesOfHost => HostIndexes
        ? OpenStack.Indexes.HostIndexes.Read(Environment.GetEnvironmentVariable)
        : OpenStack.Indexes.HostIndexes.None;

    /// <summary>Whether there is an index other than PyPI.</summary>
    bool NamesIndex => DefaultIndex is not null || Index.Length > 0
        || IndexesOfHost.Any;

    /// <summary>
    /// Whether this run downloads what builds install, and their steps get nothing to know an index or a proxy by: they
    /// run the code of whoever wrote a distribution.
    /// </summary>
    bool FetchesDistributions => NamesIndex || ProxyVariables.HaveCredentials(Environment.GetEnvironmentVariable);

    /// <summary>All of them, the default one last.</summary>
    /// <exception cref="ProblemException">All that are no indexes.</exception>
    IReadOnlyList<PackageIndex> PackageIndexes
    {
        get
        {
            var host = IndexesOfHost;
            PackageIndex Given(string text, string option) =>
                PackageIndex.Parse(text, Environment.GetEnvironmentVariable, mayHoldCredentials: false, option);
            PackageIndex Known((string Text, string From) x) =>
                PackageIndex.Parse(x.Text, Environment.GetEnvironmentVariable, mayHoldCredentials: true, x.From);
            var further = Index.Length > 0 ? Problems.Collect(Index, x => Given(x, "--index"))
                : Problems.Collect(host.Further, Known);
            var last = DefaultIndex is not null ? Given(DefaultIndex, "--default-index")
                : host.Default is { } found ? Known(found) : PackageIndex.PyPi;
            return [.. further, last];
        }
    }

    /// <summary>The same, to be asked.</summary>
    IndexList OpenIndexes(HttpClient client) => new([.. PackageIndexes.Select(x => new SimpleIndex(client, x))]);
}
