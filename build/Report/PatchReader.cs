using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Sources;

namespace OpenStack.Report;

/// <summary>Reads which patches an image has, and what becomes of each.</summary>
/// <param name="verdicts">What CheckPatches has found.</param>
sealed class PatchReader(ReportFiles files, Fact<PatchReport> verdicts)
{
    const string CheckPatches = "CheckPatches";

    /// <exception cref="Diagnostics.ProblemException">The file is not what CheckPatches writes.</exception>
    public static Fact<PatchReport> Verdicts(ReportFiles files, AbsolutePath file) =>
        files.Read(file, CheckPatches, x => x.Deserialize(SourcesJson.Readable.PatchReport)
            ?? throw new JsonException("it is null"));

    /// <summary>In the order of application: those that the repository has, each mail of a file.</summary>
    public IReadOnlyList<ReportedPatch> Of(ImagePlace place) =>
        [.. place.Components.SelectMany(x => Of(x, place.Release ?? ""))];

    IEnumerable<ReportedPatch> Of(ComponentPlace place, string release)
    {
        var found = verdicts.Value?.Series.FirstOrDefault(x => x.Component == place.Component && x.Release == release)
            ?.Patches.ToLookup(x => x.Name, StringComparer.Ordinal);
        var applied = File.Exists(place.Sealed) && place.Patches.Count > 0
            ? SealedTree.Read(place.Sealed).Patches.ToLookup(x => x.Name, StringComparer.Ordinal) : null;
        foreach (var file in place.Patches)
        {
            ReportedPatch Patch(string title, PatchHeader? header, Fact<string> state, string detail = "") => new(
                place.Component, title, files.Shown(file), state, detail, header?.Subject ?? "", header?.Author ?? "",
                [.. header?.Vulnerabilities ?? [], .. header?.Bugs.Select(x => $"bug {x.Number}") ?? []]);
            var judged = found?[file.Name].ToList();
            var sealedOnes = applied?[file.Name].ToList();
            if (judged is { Count: > 0 })
                foreach (var x in judged)
                    yield return Patch(x.Title, x.Header, Fact.Of(PatchWords.Of(x.State), verdicts.From),
                        PatchWords.Detail(x));
            else if (sealedOnes is { Count: > 0 })
                foreach (var x in sealedOnes)
                    yield return Patch(x.Title, x.Header, Fact.Of(PatchWords.Of(
                        x.Offsets.Count == 0 ? PatchState.Applies : PatchState.Offset), files.Shown(place.Sealed)));
            else yield return Patch(file.Name, null, Fact.NotKnown<string>(CheckPatches));
        }
    }
}
