using System.Diagnostics;
using Nuke.Common.IO;
using OpenTelemetry;

namespace OpenStack.Traces;

/// <summary>
/// Writes spans as they end, each a line (OpenTelemetry, "OpenTelemetry Protocol File Exporter"), beside the file,
/// which gets its name at the end. What a run leaves that is killed without a word is the file beside it.
/// </summary>
sealed class OtlpFile : BaseExporter<Activity>
{
    /// <summary>What the name of an unfinished file ends in.</summary>
    public const string Unfinished = ".partial";

    readonly AbsolutePath _file;
    readonly Lock _lock = new();
    StreamWriter? _writer;

    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public OtlpFile(AbsolutePath file)
    {
        _file = file;
        Directory.CreateDirectory(file.Parent!);
        _writer = new StreamWriter(new FileStream($"{file}{Unfinished}", FileMode.Create, FileAccess.Write,
            FileShare.Read));
    }

    public override ExportResult Export(in Batch<Activity> batch)
    {
        var resource = ParentProvider.GetResource().Attributes.ToList();
        lock (_lock)
        {
            // What ends after the end of the run.
            if (_writer is null) return ExportResult.Failure;
            foreach (var span in batch) _writer.WriteLine(OtlpJson.Request(span, resource).ToJsonString());
            _writer.Flush();
        }

        return ExportResult.Success;
    }

    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        lock (_lock)
        {
            if (_writer is null) return true;
            _writer.Dispose();
            _writer = null;
            File.Move($"{_file}{Unfinished}", _file, overwrite: true);
        }

        return true;
    }
}
