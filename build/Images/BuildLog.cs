using Nuke.Common.IO;

namespace OpenStack.Images;

/// <summary>
/// What BuildKit says of a graph, in files: of each target its own steps, and in all of them what is of none. A step
/// that several targets have alike is in the file of the one that BuildKit names it after.
/// </summary>
sealed class BuildLog : IDisposable
{
    readonly Dictionary<string, StreamWriter> _writers;
    readonly Dictionary<string, StreamWriter> _ofTargets;
    readonly StepTargets _steps;

    /// <param name="files">By target; several may have one in common. What is there is written over.</param>
    public BuildLog(IReadOnlyDictionary<string, AbsolutePath> files)
    {
        _steps = new StepTargets([.. files.Keys]);
        _writers = files.Values.Select(x => (string)x).Distinct().ToDictionary(x => x, x =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(x)!);
            return new StreamWriter(x, append: false) { AutoFlush = true };
        });
        _ofTargets = files.ToDictionary(x => x.Key, x => _writers[x.Value]);
    }

    public void Write(string line)
    {
        if (_steps.Read(line) is { } target) _ofTargets[target].WriteLine(line);
        else
            foreach (var writer in _writers.Values) writer.WriteLine(line);
    }

    public void Dispose()
    {
        foreach (var writer in _writers.Values) writer.Dispose();
    }
}
