using Nuke.Common;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Selection;
using OpenStack.Sources;
using Serilog;

namespace OpenStack.Pipeline.Editing;

/// <summary>A release → another one like it.</summary>
interface IAddRelease : IEditCatalog, IHazFrom
{
    const string Requirements = "requirements";

    Target AddRelease => _ => _
        .Description("Adds a release like another one: branches of its series as refs, its own upper constraints, "
            + "packages and overrides copied")
        .Executes(async () =>
        {
            var release = OneRelease;
            var from = From is null ? Catalog.Releases.Values.Last() : Catalog.SelectReleases([From])[0];
            CheckRefs([.. from.SourceRefs.Keys]);
            Edit(x => x.CheckNewRelease(release), make: false);
            UseGitMirror();
            var resolver = new RefResolver(MirrorsDirectory);
            var found = await Task.WhenAll(from.SourceRefs.Values.Select(async x =>
                (x.Component,
                    Ref: RefOf(x.Component)
                        ?? (await SeriesOfAsync(resolver, x.Component, x.Url ?? RemoteOf(x.Component), release)).Ref)));
            var constraints = await UpperConstraintsAsync(resolver, release, from);
            Edit(x => x.AddRelease(release, from, found.ToDictionary(y => y.Component, y => y.Ref), constraints));
            Log.Information(
                "Branches move: pin them in {File} when the release has tags. Patches of {From} are not copied",
                $"releases/{release}/source-refs.yaml", from.Name);
        });

    /// <summary>
    /// The branch of the series; while it is in development, where it will branch off; the first of these where nothing
    /// can be asked.
    /// </summary>
    async Task<(string Ref, string? Commit)> SeriesOfAsync(RefResolver resolver, string component, string remote,
        string release)
    {
        var series = $"stable/{release}";
        var why = "";
        foreach (var branch in (string[])[series, "master"])
        {
            try
            {
                return (branch,
                    (await resolver.ResolveAsync([new RefRequest(component, remote, branch)])).Refs[0].Commit);
            }
            catch (ProblemException e)
            {
                if (branch == series) why = e.Message;
            }
        }

        Log.Warning("{Component}: nobody says whether there is a branch {Branch}. {Why}", component, series, why);
        return (series, null);
    }

    /// <summary>Those of openstack/requirements; null where it cannot be reached.</summary>
    async Task<string?> UpperConstraintsAsync(RefResolver resolver, string release, Release from)
    {
        try
        {
            if (await SeriesOfAsync(resolver, Requirements, RemoteOf(Requirements),
                release) is (var branch, { } commit))
            {
                var mirror = MirrorOf(Requirements, RemoteOf(Requirements));
                await mirror.EnsureAsync(commit);
                var text = (await mirror.Online.Command("show", $"{commit}:upper-constraints.txt")
                    .RequireAsync()).Output;
                Log.Information("The upper constraints are those of {Branch}, {Commit}", branch, commit);
                return text;
            }
        }
        catch (ProblemException e)
        {
            Log.Warning("{Why}", e.Message);
        }

        Log.Warning("The upper constraints are those of {From}: replace them with those of "
            + "openstack/requirements, branch stable/{Release}", from.Name, release);
        return null;
    }
}
