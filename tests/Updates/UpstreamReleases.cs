using Nuke.Common.IO;
using OpenStack.Sources;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Updates;

/// <summary>
/// A directory of git repositories that plays opendev.org/openstack: releases, requirements, and components with their
/// tags.
/// </summary>
sealed class UpstreamReleases : IDisposable
{
    readonly TemporaryDirectory _temporary = new();
    readonly Dictionary<string, Upstream> _repositories = new(StringComparer.Ordinal);

    public UpstreamReleases()
    {
        Releases.Commit("Series", ("data/series_status.yaml", SeriesStatus));
    }

    public const string SeriesStatus = """
        ---
        - name: hibiscus
          release-id: 2026.2
          status: development
          initial-release: 2026-09-30
        - name: flamingo
          release-id: 2025.2
          status: maintained
          next-phase:
            status: end of life
            date: 2027-04-28
        - name: epoxy
          release-id: 2025.1
          status: unmaintained
          slurp: yes
        - name: dalmatian
          release-id: 2024.2
          status: end of life
          eol-date: 2026-04-29
        - name: zed
          status: end of life

        """;

    public AbsolutePath Directory => _temporary / "openstack";

    public AbsolutePath MirrorsDirectory => _temporary / "mirrors";

    public Upstream Releases => this["releases"];

    public Upstream this[string component] => _repositories.TryGetValue(component, out var there)
        ? there
        : _repositories[component] = new Upstream(Directory / component);

    public RefResolver Resolver() => new(MirrorsDirectory, new NetworkRetry(1, TimeSpan.Zero));

    public Mirror MirrorOf(string component, string remote) => new(MirrorsDirectory, component, remote);

    /// <summary>
    /// Tags versions of a component, each on a commit of its own, and says in openstack/releases that they are of a
    /// series; what has no branches may have a version in several.
    /// </summary>
    public UpstreamReleases Release(string codename, string component, params string[] versions)
    {
        var text = $"---\nlaunchpad: {component}\nrelease-model: cycle-with-rc\nrepository-settings:\n"
            + $"  openstack/{component}: {{}}\nreleases:\n";
        foreach (var version in versions)
        {
            if (this[component].Git("tag", "--list", version).Length == 0)
            {
                this[component].Commit($"Version {version}");
                this[component].Tag(version);
            }

            var commit = this[component].Git("rev-parse", $"{version}^{{commit}}");
            text += $"  - version: {version}\n    projects:\n      - repo: openstack/{component}\n"
                + $"        hash: {commit}\n";
        }

        Releases.Commit($"Release {component}", ($"deliverables/{codename}/{component}.yaml", text));
        return this;
    }

    public async Task<ReleaseDataOf> ReadAsync(params (string Release, string Component)[] wanted) =>
        new(await OpenStack.Updates.ReleaseData.ReadAsync(
            MirrorOf("releases", Releases.Url), Releases.Git("rev-parse", "HEAD"), wanted));

    public void Dispose() => _temporary.Dispose();

    internal sealed record ReleaseDataOf(OpenStack.Updates.ReleaseData Data)
    {
        public OpenStack.Updates.Deliverable? this[string release, string component] =>
            Data.Deliverables.GetValueOrDefault((release, component));
    }
}
