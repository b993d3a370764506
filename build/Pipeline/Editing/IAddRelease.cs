using System.Globalization;
using System.Net;
using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Network;
using OpenStack.Pipeline.Selection;
using OpenStack.Sources;
using OpenStack.Storage;
using OpenStack.Updates;
using Serilog;

namespace OpenStack.Pipeline.Editing;

/// <summary>A release → another one like it.</summary>
interface IAddRelease : IEditCatalog, IHazFrom
{
    const string Requirements = "requirements";

    [Parameter("AddRelease: what a tested state had installed, which becomes overrides where the upper constraints "
        + "differ: address or file of what 'pip freeze' has printed in a CI run, or a ref of openstack/requirements")]
    string? ConstraintsFrom => TryGetValue(() => ConstraintsFrom);

    Target AddRelease => _ => _
        .Description("Adds a release like another one: branches of its series as refs, its own upper constraints, "
            + "packages and overrides copied; without --release, says which series there are")
        .Executes(async () =>
        {
            UseGitMirror();
            var resolver = new RefResolver(MirrorsDirectory);
            var release = Release.Length > 0 ? OneRelease : throw await OfferAsync(resolver);
            var from = From is null ? Catalog.Releases.Values.Last() : Catalog.SelectReleases([From])[0];
            CheckRefs([.. from.SourceRefs.Keys]);
            Edit(x => x.CheckNewRelease(release), make: false);
            await AddReleaseAsync(resolver, release, from);
            Log.Information(
                "Branches move: pin them in {File} when the release has tags. Patches of {From} are not copied",
                $"releases/{release}/source-refs.yaml", from.Name);
        });

    /// <summary>That no release is named, and what there is to choose from.</summary>
    async Task<ProblemException> OfferAsync(RefResolver resolver)
    {
        var offer = SeriesOffer.Of([.. Catalog.Releases.Keys], new Dictionary<string, Series>(), Today);
        try
        {
            return new ProblemException(SeriesOffer.Of([.. Catalog.Releases.Keys], await SeriesAsync(resolver), Today));
        }
        catch (ProblemException e)
        {
            return new ProblemException([offer, .. e.Problems]);
        }
    }

    /// <exception cref="ProblemException">It cannot be had.</exception>
    async Task<IReadOnlyDictionary<string, Series>> SeriesAsync(RefResolver resolver)
    {
        var remote = RemoteOf(ReleaseData.Repository);
        return (await ReleaseData.ReadNewestAsync(resolver, MirrorOf(ReleaseData.Repository, remote), remote, []))
            .Series;
    }

    /// <summary>What openstack/releases says of a release; null where nobody knows.</summary>
    async Task<Series?> SeriesAsync(RefResolver resolver, string release)
    {
        var why = $"openstack/{ReleaseData.Repository} does not know it";
        try
        {
            if ((await SeriesAsync(resolver)).GetValueOrDefault(release) is { } series) return series;
        }
        catch (ProblemException e)
        {
            why = e.Message;
        }

        Log.Warning("How far {Release} is in its life is not known, until Update finds out. {Why}", release, why);
        return null;
    }

    async Task AddReleaseAsync(RefResolver resolver, string release, Release from)
    {
        var series = await SeriesAsync(resolver, release);
        var tested = ConstraintsFrom is { } place ? await TestedStateAsync(resolver, place) : null;
        var found = await Task.WhenAll(from.SourceRefs.Values.Select(async x =>
            (x.Component,
                Ref: RefOf(x.Component) ?? (Catalog.KindOf(x.Component) == ImageKind.Native ? Kept(x)
                    : (await PlaceOfAsync(resolver, x.Component, x.Url ?? RemoteOf(x.Component), release, series))
                        .Ref))));
        var constraints = await UpperConstraintsAsync(resolver, release, from, series);
        IReadOnlyList<string> leftOut = [];
        Edit(x => leftOut = x.AddRelease(
            release, from, found.ToDictionary(y => y.Component, y => y.Ref), constraints, tested, series));
        foreach (var line in leftOut) Log.Warning("Not recorded of what was tested: {What}", line);
    }

    /// <summary>What is no Python distribution has series of its own.</summary>
    static string Kept(SourceRef source)
    {
        Log.Information("{Component} stays at {Ref}, as it follows no series of OpenStack", source.Component,
            source.Ref);
        return source.Ref;
    }

    /// <summary>
    /// The branch of the series; while it is in development, where it will branch off; where it has ended, its tag; the
    /// first of these where nothing can be asked.
    /// </summary>
    async Task<(string Ref, string? Commit)> PlaceOfAsync(RefResolver resolver, string component, string remote,
        string release, Series? series)
    {
        var places = SeriesBranch.PlacesOf(release, series);
        var why = "";
        foreach (var branch in places)
        {
            try
            {
                return (branch,
                    (await resolver.ResolveAsync([new RefRequest(component, remote, branch)])).Refs[0].Commit);
            }
            catch (ProblemException e)
            {
                if (branch == places[0]) why = e.Message;
            }
        }

        Log.Warning("{Component}: nobody says whether there is a branch {Branch}. {Why}", component, places[0], why);
        return (places[0], null);
    }

    /// <summary>Those of openstack/requirements; null where it cannot be reached.</summary>
    async Task<string?> UpperConstraintsAsync(RefResolver resolver, string release, Release from, Series? series)
    {
        try
        {
            if (await PlaceOfAsync(resolver, Requirements, RemoteOf(Requirements),
                release, series) is (var branch, { } commit))
            {
                var text = await UpperConstraintsAtAsync(commit);
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

    /// <exception cref="ProblemException">It is nowhere, or no list of pins.</exception>
    async Task<TestedState> TestedStateAsync(RefResolver resolver, string place)
    {
        if (place.StartsWith("https://", StringComparison.Ordinal)
            || place.StartsWith("http://", StringComparison.Ordinal))
            return await TestedStateAtAsync(new Uri(place));
        if (File.Exists(Path.GetFullPath(place, EnvironmentInfo.WorkingDirectory)) || place.EndsWith(".txt",
            StringComparison.Ordinal))
        {
            AbsolutePath file = Path.GetFullPath(place, EnvironmentInfo.WorkingDirectory);
            return TestedState.Parse(Utf8File.Read(file, ShownAs(file)), ShownAs(file),
                $"{file.Name}, {Digest.OfFile(file)},");
        }

        var request = new RefRequest(Requirements, RemoteOf(Requirements), place);
        var commit = (await resolver.ResolveAsync([request])).Refs[0].Commit;
        return TestedState.Parse(await UpperConstraintsAtAsync(commit), "upper-constraints.txt",
            $"openstack/requirements at {place}, {commit},");
    }

    static async Task<TestedState> TestedStateAtAsync(Uri address)
    {
        var shown = RemoteUrl.WithoutCredentials(address.AbsoluteUri);
        var handler = TlsTrust.NewHandler();
        handler.AutomaticDecompression = DecompressionMethods.All;
        using var client = new HttpClient(handler)
        {
            Timeout = TimeSpan.FromSeconds(30),
            MaxResponseContentBufferSize = 10_000_000,
        };
        try
        {
            var text = await client.GetStringAsync(address);
            var day = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            return TestedState.Parse(text, shown, $"{shown}, {Digest.OfText(text)}, {day},");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            var problem = RequestFailure.Describe(shown, e);
            throw new ProblemException(problem with
            {
                Remedy = $"{problem.Remedy}; or give another --constraints-from, or a file",
            }, e);
        }
    }

    async Task<string> UpperConstraintsAtAsync(string commit)
    {
        var mirror = MirrorOf(Requirements, RemoteOf(Requirements));
        await mirror.EnsureAsync(commit);
        return (await mirror.Online.Command("show", $"{commit}:upper-constraints.txt").RequireAsync()).Output;
    }
}
