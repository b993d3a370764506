using System.Diagnostics;
using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Selection;
using OpenStack.Sources;
using OpenStack.Storage;
using OpenStack.Wheels;
using Serilog;

namespace OpenStack.Pipeline.Sources;

/// <summary>Upper constraints and overrides → a report of how they differ; from the catalog alone.</summary>
interface IConstraintDiff : IHazCatalog
{
    Target ConstraintDiff => _ => _
        .Description("Reports what the overrides change in the upper constraints: all releases, or those of --release")
        .Executes(() =>
        {
            var diffs = Problems.Collect(Releases, release =>
            {
                var diff = DiffOf(release);
                Report(diff);
                return diff;
            });
            ReportSummary(x => x.AddPair("Changed",
                string.Join(", ", diffs.Select(d => $"{d.Release}: {d.Changes.Count}"))));
        });

    ConstraintDiff DiffOf(Release release)
    {
        var watch = Stopwatch.StartNew();
        var upper = UpperConstraints.Read(release.UpperConstraintsFile, ShownAs(release.UpperConstraintsFile));
        var overrides = OverridesOf(release).ToList();
        var diff = Constraints.ConstraintDiff.Of(release.Name, upper, overrides, DistributionsOf(release));
        Log.Verbose("{Release}: {Pins} pins and {Overrides} overrides compared in {Time} ms", release.Name,
            upper.Pins.Count(), overrides.Sum(x => x.Items.Count), watch.ElapsedMilliseconds);
        return diff;
    }

    /// <summary>
    /// Overrides first, then the wheels of libraries, as far as these are known: their versions are when they are
    /// checked out and patched.
    /// </summary>
    IEnumerable<ConstraintOverrides> OverridesOf(Release release)
    {
        if (release.OverridesFile is { } file) yield return ConstraintOverrides.Read(file, ShownAs(file));
        foreach (var library in Catalog.LibrariesOf(release).Select(x => release.SourceRefs[x]))
        {
            var sealedFile = new Workspace(ArtifactsDirectory, library.Component, release).SealedFile;
            if (File.Exists(sealedFile))
                yield return ConstraintOverrides.OfWheel(LibraryWheel.PinOf(SealedTree.Read(sealedFile)), library.File,
                    library.Line, library.Column);
        }
    }

    Dictionary<string, string> DistributionsOf(Release release) => release.SourceRefs.Keys
        .Intersect(Catalog.Services)
        .ToDictionary(x => x, x => release.EntryPointsOf(x)?.Distribution ?? x);

    void Report(ConstraintDiff diff)
    {
        var directory = ArtifactsDirectory / diff.Release;
        AtomicFile.WriteText(directory / "constraint-diff.json", diff.ToJson());
        AtomicFile.WriteText(directory / "constraint-diff.md", diff.ToMarkdown());
        Log.Information("{Release}: {Count} of the upper constraints are changed ({File})", diff.Release,
            diff.Changes.Count, ShownAs(directory / "constraint-diff.md"));
        Results.Table($"Constraints of {diff.Release}", diff.ToTable());
        foreach (var change in diff.Changes.Where(x => x.Hint is not null))
            Log.Warning("{File}:{Line}: {Name} is added. {Hint}", change.File, change.Line, change.Name, change.Hint);
    }
}
