using Nuke.Common.IO;

namespace OpenStack.Storage;

/// <summary>
/// One output of the pipeline, a file or a directory, with the record of its inputs beside it (<c>output.inputs.json</c>). The
/// output is made aside and renamed, the record is written last: whatever moment a run is killed at, the next one finds either a
/// whole output with its record or makes it again.
/// </summary>
public sealed class Stage(AbsolutePath output)
{
    public AbsolutePath Output => output;

    public AbsolutePath InputsFile => $"{output}.inputs.json";

    /// <summary>Whether the output was made from exactly these inputs.</summary>
    public bool IsUpToDate(StageInputs inputs) =>
        Path.Exists(output) && File.Exists(InputsFile) && File.ReadAllText(InputsFile) == inputs.ToJson();

    /// <summary>
    /// Makes the output unless it is up to date. <paramref name="make"/> gets a path beside it that does not exist yet. Two
    /// processes that want the same output take turns; the second finds it done.
    /// </summary>
    /// <returns>Whether the output was made.</returns>
    public async Task<bool> MakeAsync(StageInputs inputs, Func<AbsolutePath, Task> make, Action? onWait = null, CancellationToken cancellation = default)
    {
        if (IsUpToDate(inputs)) return false;
        using var held = await FileLock.AcquireAsync($"{output}.lock", onWait, cancellation);
        if (IsUpToDate(inputs)) return false;
        AbsolutePath aside = $"{output}.making";
        Delete(aside);
        await make(aside);
        File.Delete(InputsFile);
        Delete(output);
        if (File.Exists(aside)) File.Move(aside, output);
        else Directory.Move(aside, output);
        AtomicFile.WriteText(InputsFile, inputs.ToJson());
        return true;
    }

    static void Delete(AbsolutePath path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        else File.Delete(path);
    }
}
