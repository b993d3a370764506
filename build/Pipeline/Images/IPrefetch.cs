using System.Diagnostics;
using System.Globalization;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Locks;
using OpenStack.Pipeline.Selection;
using Serilog;

namespace OpenStack.Pipeline.Images;

/// <summary>Locks → the files that they name.</summary>
interface IPrefetch : IHazInputs, IHazExportTo
{
    [Parameter("File that Prefetch --export-to has written elsewhere, to take inputs from")]
    string? ImportFrom => TryGetValue(() => ImportFrom);

    [Parameter("Prefetch: removes the inputs that no lock of the repository names")]
    bool PruneInputs => TryGetValue<bool?>(() => PruneInputs) ?? false;

    Target Prefetch => _ => _
        .Description("Downloads everything that the locks of the selected images name, each file once and verified")
        .Executes(async () =>
        {
            var watch = Stopwatch.StartNew();
            var store = new InputStore(InputStore);
            if (ImportFrom is { } archive) await ImportAsync(archive, store);
            var inputs = WantedInputs;
            var report = await new Prefetcher(store, x => Log.Information("  {Line}", x)).RunAsync(inputs);
            foreach (var name in report.Damaged)
                Log.Warning("{Input} was not what it is called, and was fetched again", name);
            Log.Information("{Count} inputs, of which {Fetched} were fetched ({Size} MB, {Time} s)",
                inputs.Count, report.Fetched,
                (report.Bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture),
                watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
            if (ExportTo is not null) await ExportInputsAsync(store, inputs);
            if (PruneInputs) Prune(store);
            ReportSummary(x => x.AddPair("Fetched",
                report.Fetched == 0 ? "nothing, all is there" : $"{report.Fetched} of {inputs.Count} inputs"));
        });

    static async Task ImportAsync(string archive, InputStore store)
    {
        AbsolutePath file = Path.GetFullPath(archive, EnvironmentInfo.WorkingDirectory);
        var (files, added) = await InputArchive.ReadAsync(file, store);
        Log.Information("{Archive}: {Files} files, of which {New} are new", archive, files, added);
    }

    async Task ExportInputsAsync(InputStore store, IReadOnlyList<WantedInput> inputs)
    {
        var digest = "";
        var file = await WriteExportAsync(ExportTo!, async output =>
            digest = await InputArchive.WriteAsync(store, inputs, output));
        Log.Information("{File} {Digest} ({Size} MB)", file, digest, new FileInfo(file).Length / 1_000_000);
    }

    /// <summary>A lock that cannot be read names nobody knows what: then nothing is removed.</summary>
    void Prune(InputStore store)
    {
        var locks = Problems.Collect(LockSubject.FilesBelow(RefLocks), x => InputLock.Read(x, ShownAs(x)));
        var (count, bytes) = store.Prune(locks.SelectMany(x => x.Files)
            .Select(x => x.Sha256)
            .ToHashSet(StringComparer.Ordinal));
        Log.Information("{Count} inputs that none of {Locks} locks names were removed ({Size} MB)", count,
            locks.Count, bytes / 1_000_000);
    }
}
