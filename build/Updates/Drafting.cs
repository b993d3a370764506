using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Updates;

/// <summary>Works updates out in the files of a commit, and checks what would come of them.</summary>
/// <param name="tree">The files; they are changed.</param>
public sealed class Drafting(UpdateTree tree)
{
    readonly ReleaseCatalog _catalog = CatalogLoader.Load(tree.Root);

    /// <summary>
    /// Takes a component to another tag. Patches that upstream has by then are removed, those that conflict are left to
    /// whoever looks at the update.
    /// </summary>
    /// <param name="mirror">Of the component.</param>
    /// <param name="from">What it is built from now.</param>
    /// <param name="to">The tag.</param>
    /// <exception cref="ProblemException">The mirror cannot be had, or the catalog says something else.</exception>
    public async Task<UpdateDraft> TagAsync(Mirror mirror, ResolvedRef from, ResolvedRef to, string release,
        CancellationToken cancellation = default)
    {
        var component = to.Component;
        if (_catalog.Releases.GetValueOrDefault(release)?.SourceRefs.GetValueOrDefault(component) is not { } source
            || source.Ref != from.Ref)
            throw new ProblemException($"{component} {release}: what is committed is not {from.Ref}",
                "Commit releases/ first");
        await mirror.EnsureAsync(from.Commit, cancellation);
        await mirror.EnsureAsync(to.Commit, cancellation);
        var patches = new PatchSeries(component, release, _catalog.Patches.Of(component, release));
        var verdict = await new PatchCheck(mirror, to, patches).RunAsync(cancellation);
        var change = new CatalogChange(tree.Root, tree.Aside);
        new CatalogEditor(_catalog, change).SetTag(_catalog.Releases[release], component, to.Ref, to.Commit);
        foreach (var file in verdict.Patches.GroupBy(x => x.Name)
            .Where(x => x.All(y => y.State == PatchState.Upstream)))
            change.Remove(verdict.LabelOf(file.First()));
        var date = await TagAge.OfAsync(mirror, RefLock.TagOf(to.Ref), cancellation)
            ?? throw new ProblemException($"{component}: the mirror has no tag '{to.Ref}'",
            "Run the same command again");
        var (constraints, problems) = Constrain(release);
        return Make(change, new UpdateDraft($"{release}/{component}", $"{component} {to.Ref} for {release}",
            change.Files, date.At)
        {
            What = $"`{component}` of {release}: `{from.Ref}` → `{to.Ref}`, commit `{to.Commit}` of {to.Remote}, "
                + $"{date}.",
            Patches = verdict,
            Changes = await UpstreamChanges.ReadAsync(mirror, from.Commit, to.Commit, cancellation),
            Constraints = constraints,
            Problems = problems,
        });
    }

    /// <summary>Takes a release to other upper constraints; null where they are those that it has.</summary>
    /// <param name="date">When openstack/requirements got them.</param>
    public UpdateDraft? Constraints(string release, UpstreamConstraints upstream, DateTimeOffset date)
    {
        var file = $"releases/{release}/{ConstraintsCheck.File}";
        var change = new CatalogChange(tree.Root, tree.Aside);
        var overrides = OverridesOf(release);
        var pins = ConstraintsCheck.Compare(UpperConstraints.Parse(change.Read(file) ?? "", file),
            upstream.Constraints, overrides);
        if (pins.Count == 0) return null;
        change.Write(file, upstream.Text);
        var (constraints, problems) = Constrain(release, upstream.Constraints);
        return Make(change, new UpdateDraft($"{release}/upper-constraints",
            $"Upper constraints of {release} as of {date:yyyy-MM-dd}", change.Files, date)
        {
            What = $"The upper constraints of {release} as in openstack/{ConstraintsCheck.Repository}, "
                + $"{upstream.Branch}, commit `{upstream.Commit}` of {date:yyyy-MM-dd}: {pins.Count} "
                + $"{(pins.Count == 1 ? "pin differs" : "pins differ")}.",
            Pins = pins,
            Constraints = constraints,
            Problems = problems,
        });
    }

    /// <summary>Takes an override of a release to another version: all of its lines that have an older one, each with
    /// the marker and the comment that it has.</summary>
    /// <param name="findings">What is outdated, of one distribution.</param>
    /// <param name="since">When the index got the version; null where nobody knows.</param>
    /// <exception cref="ProblemException">What is committed is something else.</exception>
    public UpdateDraft Override(string release, IReadOnlyList<Finding> findings, string version, DateTimeOffset? since,
        string index)
    {
        var (name, file) = (findings[0].Name, findings[0].File!);
        var change = new CatalogChange(tree.Root, tree.Aside);
        var lines = (change.Read(file) ?? "").Split('\n');
        foreach (var finding in findings)
        {
            if (finding.Line > lines.Length || OverrideLine.WithVersion(lines[finding.Line - 1], finding.Name,
                finding.Current, version) is not { } edited)
                throw new ProblemException(new Problem($"what is committed is not {finding.Name} {finding.Current}",
                    file, finding.Line, Remedy: "Commit overrides/ first"));
            lines[finding.Line - 1] = edited;
        }

        change.Write(file, string.Join('\n', lines));
        // The catalog knows where the file is, and what it says is read when it is there.
        change.Make();
        var (constraints, problems) = Constrain(release);
        var from = string.Join(" and ", findings.Select(x => x.Current).Distinct());
        return new UpdateDraft($"{release}/overrides/{PythonName.Of(name)}", $"{name} {version} for {release}",
            change.Files, since ?? DateTimeOffset.UnixEpoch)
        {
            What = $"The pin of `{name}` in `{file}`: `{from}` → `{version}`, of "
                + $"{index}{(since is { } at ? $", there since {at:yyyy-MM-dd}" : "")}.",
            Pins = [new PinChange(name, from, version, IsOverridden: true)],
            Constraints = constraints,
            Problems = problems,
        };
    }

    /// <summary>Records how far a release is in its life; null where that is what it has.</summary>
    /// <param name="commit">The commit of openstack/releases that says so.</param>
    /// <param name="date">When openstack/releases got what it says of series.</param>
    public UpdateDraft? LifeCycle(Series upstream, string commit, DateTimeOffset date)
    {
        var release = upstream.Release;
        var recorded = _catalog.Releases[release].Series;
        var series = upstream.After(recorded);
        if (series == recorded) return null;
        var change = new CatalogChange(tree.Root, tree.Aside);
        new CatalogEditor(_catalog, change).SetSeries(series);
        return Make(change, new UpdateDraft($"{release}/series",
            $"Life cycle of {release} ({series.Title}): {series.Recorded}", change.Files, date)
        {
            What = $"What openstack/{ReleaseData.Repository} says of {release} ({series.Title}), commit `{commit}`: "
                + $"{recorded?.Recorded.ToString() ?? "nothing was recorded"} → {series.Recorded}.",
        });
    }

    /// <summary>Takes a release, or the base images, to other locks; null where they are those that it has.</summary>
    /// <param name="written">The directory that <c>Lock</c> has written to.</param>
    /// <param name="place">The same relative to the repository.</param>
    public UpdateDraft? Locks(string? release, AbsolutePath written, string place)
    {
        if (new LockUpdate(written, tree.Root / place, place).Of(release) is not { } draft) return null;
        foreach (var (file, text) in draft.Files) AtomicFile.WriteText(tree.Root / file, text!);
        return draft;
    }

    static UpdateDraft Make(CatalogChange change, UpdateDraft draft)
    {
        change.Make();
        return draft;
    }

    /// <summary>What overrides make of the upper constraints, or why they do not.</summary>
    (ConstraintDiff? Diff, IReadOnlyList<Problem> Problems) Constrain(string name, UpperConstraints? upper = null)
    {
        var release = _catalog.Releases[name];
        var distributions = release.SourceRefs.Keys.Intersect(_catalog.Services)
            .ToDictionary(x => x, x => release.EntryPointsOf(x)?.Distribution ?? x);
        try
        {
            var file = $"releases/{name}/{ConstraintsCheck.File}";
            return (ConstraintDiff.Of(name, upper ?? UpperConstraints.Read(release.UpperConstraintsFile, file),
                OverridesOf(name) is { } x ? [x] : [], distributions), []);
        }
        catch (ProblemException e)
        {
            return (null, e.Problems);
        }
    }

    ConstraintOverrides? OverridesOf(string release) =>
        _catalog.Releases[release].OverridesFile is { } file
            ? ConstraintOverrides.Read(file, $"overrides/{release}/{file.Name}")
            : null;
}
