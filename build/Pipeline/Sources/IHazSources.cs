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
interface IHazSources : IHazSelection, IHazHermetic
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

    /// <summary>The mirror of a component's repository; what git says while it fetches is passed on.</summary>
    Mirror MirrorOf(string component, string remote) =>
        new(MirrorsDirectory, component, remote, onLine: new Progress().Report) { IsOffline = Hermetic };

    /// <summary>What a selected image is to be built from, with what stands in for its ref.</summary>
    RefRequest RequestOf(Workspace workspace)
    {
        var source = workspace.Release.SourceRefs[workspace.Component];
        var instead = RefInsteadOf.FirstOrDefault(x =>
            x.StartsWith($"{source.Component}@{source.Ref}=", StringComparison.Ordinal));
        return new RefRequest(source.Component, source.Url ?? RemoteOf(source.Component),
            instead?[(instead.IndexOf('=') + 1)..] ?? source.Ref, source.File, source.Line, source.Column)
        {
            LocalTree = source.LocalTree,
        };
    }

    /// <summary>Lets git fetch from <see cref="GitMirror"/>, by git's own means (<c>url.*.insteadOf</c>).</summary>
    void UseGitMirror()
    {
        ProblemException.ThrowIfAny([.. RefInsteadOf.Select(CheckInsteadOf).OfType<Problem>()]);
        if (GitMirror is not { } mirror) return;
        var url = ImageReference.IsPath(mirror) ? new Uri(Path.GetFullPath(mirror, RootDirectory)).AbsoluteUri : mirror;
        // After what the caller says in the same way, and once in a run.
        _ = int.TryParse(Environment.GetEnvironmentVariable("GIT_CONFIG_COUNT"), out var count);
        var key = $"url.{url.TrimEnd('/')}/.insteadOf";
        if (count > 0 && Environment.GetEnvironmentVariable($"GIT_CONFIG_KEY_{count - 1}") == key) return;
        Environment.SetEnvironmentVariable($"GIT_CONFIG_KEY_{count}", key);
        Environment.SetEnvironmentVariable($"GIT_CONFIG_VALUE_{count}", GitBase + "/");
        Environment.SetEnvironmentVariable("GIT_CONFIG_COUNT", $"{count + 1}");
    }

    static Problem? CheckInsteadOf(string value) =>
        value.Split('@', 2) is [var component, var refs] && refs.Split('=', 2) is [var from, var to]
            ? Names.Component.Check(component, "--ref-instead-of")
                ?? Names.Ref.Check(from, "--ref-instead-of")
                ?? Names.Ref.Check(to, "--ref-instead-of")
            : new Problem($"--ref-instead-of has the value '{value}'",
                Expected: "component@ref=ref, as in keystone@27.0.2=27.0.0");
}
