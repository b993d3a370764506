using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Sources;
using Serilog;

namespace OpenStack.Pipeline.Editing;

/// <summary>
/// What the commands that change the catalog share. None of them depends on another target or changes anything but
/// files.
/// </summary>
interface IEditCatalog : IHazSources
{
    [Parameter("Removes patches along with the service or release that they are for")]
    bool WithPatches => TryGetValue<bool?>(() => WithPatches) ?? false;

    /// <summary>The one release that is added or removed.</summary>
    /// <exception cref="ProblemException">None is given, or several.</exception>
    string OneRelease => Release is [var one] && one != "all" ? one
        : throw new ProblemException(
            $"--release names {(Release.Length == 0 ? "no release" : string.Join(" and ", Release))}",
            "Give one release");

    /// <summary>
    /// Works out a change and, unless it is only to be checked, makes it as a whole and lists its files.
    /// </summary>
    void Edit(Action<CatalogEditor> edit, bool make = true)
    {
        var change = new CatalogChange(RootDirectory, Run.CatalogChangeDirectory);
        edit(new CatalogEditor(Catalog, change));
        if (!make) return;
        var written = change.Files.ToDictionary(x => x.Key,
            x => x.Value is null ? "removed" : File.Exists(RootDirectory / x.Key) ? "changed" : "added");
        change.Make();
        Run.ForgetCatalog();
        foreach (var (path, what) in written) Log.Information("{What,-7} {Path}", what, path);
        ReportSummary(x => x.AddPair("Files", $"{written.Count}"));
    }

    /// <summary>The ref that the command line gives a component; null where it gives none.</summary>
    string? RefOf(string component) => RefsGiven.GetValueOrDefault(component);

    IReadOnlyDictionary<string, string> RefsGiven => AdHocSources.ReadRefs(Ref);

    /// <summary>A ref that was given for nothing is a mistake.</summary>
    /// <exception cref="ProblemException">Refs of other components.</exception>
    void CheckRefs(IReadOnlyCollection<string> components) =>
        ProblemException.ThrowIfAny([.. RefsGiven.Keys.Except(components)
            .Select(x => new Problem($"--ref names '{x}', which is not added here",
                Remedy: Suggest.DidYouMean(x, components, $"Components are {string.Join(", ", components)}")))]);
}
