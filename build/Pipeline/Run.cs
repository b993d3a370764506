using System.Diagnostics;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Outcomes;
using OpenStack.Traces;
using OpenStack.Watching;
using OpenStack.Workflows;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>What the targets of one run share. Components are interfaces and keep no state; the build makes this once
/// and hands it to them.</summary>
/// <param name="root">The repository.</param>
/// <param name="temporary">What may be deleted: <c>.nuke/temp</c>.</param>
sealed class Run(AbsolutePath root, AbsolutePath temporary)
{
    ReleaseCatalog? _catalog;

    IReadOnlyList<SelectedImage>? _selection;

    /// <summary>The day on which it began. Nothing that is built may know it.</summary>
    public DateOnly Today { get; } = DateOnly.FromDateTime(DateTime.UtcNow);

    /// <summary>Its log; the first thing that a run has.</summary>
    public OwnLog OwnLog { get; } = new(temporary);

    /// <summary>What has become of its images.</summary>
    public RunOutcome Outcome { get; } = new();

    /// <summary>What is told to those who wait for it.</summary>
    public Watch Watch { get; } = new(x => Log.Information("  {Line}", x));

    /// <summary>What shows it; null before the first target.</summary>
    public Watcher? Watcher { get; set; }

    /// <summary>Its spans; null where nobody wants them.</summary>
    public RunTrace? Trace { get; set; }

    /// <summary>Tells what was found and made.</summary>
    public Results Results { get; } = new(JobSummary.OfStep);

    /// <summary>The last line that the run prints, after the summary; null for none.</summary>
    public string? LastLine { get; set; }

    /// <summary>Where a change of the catalog waits until it is complete.</summary>
    public AbsolutePath CatalogChangeDirectory => temporary / "catalog-change";

    /// <summary>What the repository says; read when it is first asked for.</summary>
    public ReleaseCatalog Catalog => _catalog ??= LoadCatalog();

    /// <summary>Remembers the selection, which every target asks for several times.</summary>
    public IReadOnlyList<SelectedImage> SelectOnce(
        Func<IReadOnlyList<SelectedImage>> select) => _selection ??= select();

    /// <summary>Lets whoever asks next read the catalog again: it was changed.</summary>
    public void ForgetCatalog() => (_catalog, _selection) = (null, null);

    /// <summary>
    /// At the end of a run that worked on images: a table of what has become of them, and the same as a file.
    /// </summary>
    /// <param name="isComplete">Whether all targets came to their end.</param>
    /// <param name="inFileAlone">Whether nobody asked for the table.</param>
    public void TellOutcome(AbsolutePath artifacts, bool isComplete, bool inFileAlone)
    {
        if (!Outcome.HasImages) return;
        var file = new OutcomeFile(artifacts).Path;
        Results.Save(file, Outcome.ToJson(isComplete));
        if (!inFileAlone) Results.LastTable("Images", RunOutcome.TableOf(Outcome.Of(isComplete)));
        // Of targets that have failed NUKE says it.
        if (isComplete && Outcome.HasFailed) Console.WriteLine($"Build failed: {Outcome.Summary}; {file} says why");
    }

    ReleaseCatalog LoadCatalog()
    {
        var watch = Stopwatch.StartNew();
        CatalogChange.CompleteBegun(root, CatalogChangeDirectory);
        var catalog = CatalogLoader.Load(root);
        Log.Verbose("The catalog, {Services} services and {Releases} releases, is read in {Time} ms",
            catalog.Services.Count, catalog.Releases.Count, watch.ElapsedMilliseconds);
        return catalog;
    }
}
