using Nuke.Common.IO;

namespace OpenStack.Storage;

/// <summary>
/// One output of the pipeline, a file or a directory, with the record of its inputs beside it. The output is made aside and
/// renamed, the record is written last: whatever moment a run is killed at, the next one finds either a whole output with its
/// record or makes it again.
/// </summary>
/// <param name="Output">The file or directory.</param>
/// <param name="Inputs">What it depends on.</param>
public sealed record Stage(AbsolutePath Output, StageInputs Inputs)
{
    /// <summary>The record beside the output: <c>output.inputs.json</c>.</summary>
    public AbsolutePath InputsFile { get; init; } = $"{Output}.inputs.json";

    /// <summary>Whether the output was made from exactly these inputs.</summary>
    public bool IsUpToDate => Path.Exists(Output) && File.Exists(InputsFile) && File.ReadAllText(InputsFile) == Inputs.ToJson();

    /// <summary>Makes the output unless it is up to date. <paramref name="make"/> gets a path beside it that does not exist yet.</summary>
    /// <returns>Whether the output was made.</returns>
    public async Task<bool> MakeAsync(Func<AbsolutePath, Task> make, Action? onWait = null, CancellationToken cancellation = default) =>
        (await MakeAllAsync([this], x => make(x[0].Aside), onWait: onWait, cancellation: cancellation)).Count > 0;

    /// <summary>
    /// Makes those outputs together that are not up to date (all of them with <paramref name="again"/>). Two processes that want
    /// the same output take turns; the second finds it done.
    /// </summary>
    /// <returns>The stages that were made.</returns>
    public static async Task<IReadOnlyList<Stage>> MakeAllAsync(
        IReadOnlyList<Stage> stages,
        Func<IReadOnlyList<(Stage Stage, AbsolutePath Aside)>, Task> make,
        bool again = false,
        Action? onWait = null,
        CancellationToken cancellation = default)
    {
        var stale = stages.Where(x => again || !x.IsUpToDate).OrderBy(x => (string)x.Output, StringComparer.Ordinal).ToList();
        var held = new List<FileLock>();
        try
        {
            // Always in the same order, so that two processes never wait for each other.
            foreach (var stage in stale) held.Add(await FileLock.AcquireAsync($"{stage.Output}.lock", onWait, cancellation));
            var work = stale.Where(x => again || !x.IsUpToDate).Select(x => (Stage: x, Aside: (AbsolutePath)$"{x.Output}.making")).ToList();
            if (work.Count == 0) return [];
            foreach (var (_, aside) in work) Delete(aside);
            await make(work);
            foreach (var (stage, aside) in work) stage.Accept(aside);
            return [.. work.Select(x => x.Stage)];
        }
        finally
        {
            held.ForEach(x => x.Dispose());
        }
    }

    void Accept(AbsolutePath aside)
    {
        File.Delete(InputsFile);
        Delete(Output);
        if (File.Exists(aside)) File.Move(aside, Output);
        else Directory.Move(aside, Output);
        AtomicFile.WriteText(InputsFile, Inputs.ToJson());
    }

    static void Delete(AbsolutePath path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        else File.Delete(path);
    }
}
