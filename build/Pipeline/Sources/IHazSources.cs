using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Pipeline.Sources;

/// <summary>Where source code comes from.</summary>
interface IHazSources : IKeepGoing, IHazHermetic
{
    [Parameter("Where the git repositories of all components are - Default is 'https://opendev.org/openstack'")]
    string GitBase => (TryGetValue(() => GitBase) ?? "https://opendev.org/openstack").TrimEnd('/');

    [Parameter("Where to fetch from instead of there: a url or a directory; the image still names the place above")]
    string? GitMirror => TryGetValue(() => GitMirror);

    [Parameter("Refs that stand in for others, as 'component@ref=ref'")]
    string[] RefInsteadOf => TryGetValue(() => RefInsteadOf) ?? [];

    /// <summary>
    /// Those of one place are no other's: what plays upstream, as in the laboratory, may have other commits by the same
    /// names.
    /// </summary>
    AbsolutePath MirrorsDirectory => GitMirror is null
        ? TemporaryDirectory / "mirrors"
        : TemporaryDirectory / $"mirrors-{Digest.OfText(GitMirror)["sha256:".Length..][..8]}";

    /// <summary>Where a component's repository is that has none of its own.</summary>
    string RemoteOf(string component) => $"{GitBase}/{component}";

    /// <summary>The mirror of a component's repository; what git says while it fetches is told.</summary>
    Mirror MirrorOf(string component, string remote) => MirrorOf(component, remote, Hermetic);

    Mirror MirrorOf(string component, string remote, bool isOffline) =>
        new(MirrorsDirectory, component, remote, watch: Run.Watch) { IsOffline = isOffline };

    /// <summary>The mirrors of all that the releases name, by the addresses of the repositories.</summary>
    /// <param name="isOffline">Whether they never ask there.</param>
    IReadOnlyDictionary<string, Mirror> MirrorsByRemote(bool isOffline)
    {
        UseGitMirror();
        var mirrors = new Dictionary<string, Mirror>(StringComparer.Ordinal);
        foreach (var (component, remote) in Catalog.Releases.Values.SelectMany(x => x.SourceRefs.Values)
            .Select(x => (x.Component, Remote: x.Url ?? RemoteOf(x.Component))).Distinct())
            mirrors.TryAdd(remote, MirrorOf(component, remote, isOffline));
        return mirrors;
    }

    /// <summary>What a selected image is to be built from, with what stands in for its ref.</summary>
    RefRequest RequestOf(Workspace workspace)
    {
        var source = workspace.Release.SourceRefs[workspace.Component];
        var instead = RefInsteadOf.FirstOrDefault(x =>
            x.StartsWith($"{source.Component}@{source.Ref}=", StringComparison.Ordinal));
        var reference = instead?[(instead.IndexOf('=') + 1)..] ?? source.Ref;
        return new RefRequest(source.Component, source.Url ?? RemoteOf(source.Component), reference, source.File,
            source.Line, source.Column)
        {
            LocalTree = source.LocalTree,
            Subject = $"{workspace}",
            Successors = RefSuccessors.Of(reference, x => Catalog.Releases.GetValueOrDefault(x)?.Series, Today),
        };
    }

    /// <summary>Lets git fetch from <see cref="GitMirror"/>, by git's own means (<c>url.*.insteadOf</c>).</summary>
    void UseGitMirror()
    {
        ProblemException.ThrowIfAny([.. RefInsteadOf.Select(CheckInsteadOf).OfType<Problem>()]);
        if (GitMirror is not { } mirror) return;
        var directory = ImageReference.IsPath(mirror) ? Path.GetFullPath(mirror, RootDirectory) : null;
        var url = (directory is null ? mirror : new Uri(directory).AbsoluteUri).TrimEnd('/');
        var places = directory is null ? [] : PlacesElsewhere(directory, url);
        GitConfiguration.Add([.. places.Select(x => ($"url.{x.In}.insteadOf", x.Of)), ($"url.{url}/.insteadOf",
            GitBase + "/")]);
    }

    /// <summary>A directory may have the repositories of components that are elsewhere than the others, too.</summary>
    IEnumerable<(string In, string Of)> PlacesElsewhere(string directory, string url) =>
        from source in Catalog.Releases.Values.SelectMany(x => x.SourceRefs.Values)
        where source.Url is not null && IsThere(Path.Combine(directory, source.Component))
        let plain = RemoteUrl.WithoutSuffix(source.Url!)
        from name in (string[])[plain, plain + RemoteUrl.Suffix]
        select ($"{url}/{source.Component}", name);

    /// <summary>Git finds a repository with and without its suffix.</summary>
    static bool IsThere(string repository) => Directory.Exists(repository)
        || Directory.Exists(repository + RemoteUrl.Suffix);

    static Problem? CheckInsteadOf(string value) =>
        value.Split('@', 2) is [var component, var refs] && refs.Split('=', 2) is [var from, var to]
            ? Names.Component.Check(component, "--ref-instead-of")
                ?? Names.Ref.Check(from, "--ref-instead-of")
                ?? Names.Ref.Check(to, "--ref-instead-of")
            : new Problem($"--ref-instead-of has the value '{value}'",
                Expected: "component@ref=ref, as in keystone@27.0.2=27.0.0");
}
