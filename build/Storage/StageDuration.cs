using System.Text.Json;
using Nuke.Common.IO;

namespace OpenStack.Storage;

/// <summary>How long an output took to make, as it is kept beside its record.</summary>
/// <param name="Seconds">From the first to the last of what was made with it.</param>
/// <param name="Outputs">How many outputs were made in that time, this one among them.</param>
public sealed record StageDuration(double Seconds, int Outputs)
{
    /// <summary>That of the output of a stage; null where it is not known.</summary>
    public static StageDuration? Read(Stage stage)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(FileOf(stage)));
            return new StageDuration(json.RootElement.GetProperty("seconds").GetDouble(),
                json.RootElement.GetProperty("outputs").GetInt32()) is { Outputs: > 0 } read ? read : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException
            or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // It is told, and nothing depends on it.
            return null;
        }
    }

    internal void Write(Stage stage) => AtomicFile.WriteText(FileOf(stage),
        $"{{\"seconds\": {Math.Round(Seconds, 2)}, \"outputs\": {Outputs}}}\n");

    /// <summary><c>output.took.json</c>, or <c>took.json</c> where the record has no name but its own.</summary>
    static AbsolutePath FileOf(Stage stage) =>
        stage.InputsFile.Parent! / stage.InputsFile.Name.Replace("inputs.json", "took.json", StringComparison.Ordinal);
}
