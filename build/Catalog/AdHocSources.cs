using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>
/// Refs and local trees that the command line gives in place of what <c>source-refs.yaml</c> says, for every selected
/// release. A library that the file does not have is built from source all the same; it must be one that the release's
/// constraints pin, or a misspelt service would be taken for a library.
/// </summary>
/// <param name="refs"><c>component=ref</c></param>
/// <param name="trees"><c>component=directory</c></param>
/// <param name="directory">What relative directories are relative to.</param>
public sealed class AdHocSources(ReleaseCatalog catalog, IReadOnlyList<string> refs, IReadOnlyList<string> trees,
    AbsolutePath directory)
{
    public const string RefOption = "--ref";
    public const string TreeOption = "--source";

    readonly List<Problem> _problems = [];

    /// <summary>The selection, its releases changed accordingly.</summary>
    /// <exception cref="ProblemException">All mistakes at once.</exception>
    public IReadOnlyList<SelectedImage> Apply(IReadOnlyList<SelectedImage> selection)
    {
        List<SourceRef> given = [.. ParseRefs(refs, _problems), .. trees.Select(ParseTree).OfType<SourceRef>()];
        CheckTwice(given, _problems);
        if (given.Count == 0 && _problems.Count == 0) return selection;
        var releases = selection.Select(x => x.Release).Distinct().ToList();
        var known = releases.ToDictionary(x => x.Name, KnownIn);
        foreach (var source in given) CheckComponent(source, selection, known);
        ProblemException.ThrowIfAny(_problems);
        var changed = releases.ToDictionary(x => x.Name,
            x => Change(x, given.Where(y => known[x.Name].Contains(PythonName.Of(y.Component)))));
        return [.. selection.Select(x => x with { Release = changed[x.Release.Name] })];
    }

    /// <summary>The refs of the command line by component, whatever components there are.</summary>
    /// <exception cref="ProblemException">
    /// All that are not understood, and all components that are given twice.
    /// </exception>
    public static IReadOnlyDictionary<string, string> ReadRefs(IReadOnlyList<string> values)
    {
        var problems = new List<Problem>();
        var given = ParseRefs(values, problems);
        CheckTwice(given, problems);
        ProblemException.ThrowIfAny(problems);
        return given.ToDictionary(x => x.Component, x => x.Ref);
    }

    static List<SourceRef> ParseRefs(IReadOnlyList<string> values, List<Problem> problems)
    {
        var given = new List<SourceRef>();
        foreach (var value in values)
        {
            if (Split(value, RefOption, "component=ref, as in nova=stable/2025.2",
                problems) is not var (component, reference))
                continue;
            if ((Names.Component.Check(component, RefOption) ?? Names.Ref.Check(reference, RefOption)) is { } wrong)
                problems.Add(wrong);
            else given.Add(new SourceRef(component, reference, RefOption, 0, 0));
        }

        return given;
    }

    static void CheckTwice(IEnumerable<SourceRef> given, List<Problem> problems) =>
        problems.AddRange(given.GroupBy(x => x.Component).Where(x => x.Count() > 1)
            .Select(x => new Problem($"'{x.Key}' is given {x.Count()} times",
                string.Join(", ", x.Select(y => y.File).Distinct()), Expected: "it once")));

    SourceRef? ParseTree(string value)
    {
        if (Split(value, TreeOption, "component=directory, as in nova=../nova", _problems) is not var (component, path))
            return null;
        // A shell leaves the ~ alone where it does not begin a word.
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        AbsolutePath tree = Path.GetFullPath(
            path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? home + path[1..] : path, directory);
        var wrong = Names.Component.Check(component, TreeOption)
            ?? (Directory.Exists(tree)
                ? null
                : new Problem($"there is no directory {tree} to take {component} from", TreeOption));
        if (wrong is null) return new SourceRef(component, "HEAD", TreeOption, 0, 0) { LocalTree = tree };
        _problems.Add(wrong);
        return null;
    }

    static (string Component, string Value)? Split(string value, string option, string expected, List<Problem> problems)
    {
        if (value.Split('=', 2) is [{ Length: > 0 } component, { Length: > 0 } rest]) return (component, rest);
        problems.Add(new Problem($"'{value}' is not understood", option, Expected: expected));
        return null;
    }

    void CheckComponent(SourceRef source, IReadOnlyList<SelectedImage> selection,
        Dictionary<string, HashSet<PythonName>> known)
    {
        var component = source.Component;
        var places = string.Join(", ", known.Keys.Select(x => $"releases/{x}/{SourceRefsFile.Name}"));
        if (catalog.Services.Contains(component))
        {
            // An argument that does nothing is a mistake.
            if (selection.All(x => x.Service != component))
                _problems.Add(new Problem($"'{component}' is not among the selected images", source.File,
                    Remedy: $"Add it to --service, or leave {source.File} {component} out"));
        }
        else if (!known.Values.Any(x => x.Contains(PythonName.Of(component))))
        {
            var names = selection.Select(x => x.Release)
                .Distinct()
                .SelectMany(x => x.SourceRefs.Keys.Concat(PinsOf(x)))
                .ToList();
            _problems.Add(new Problem($"there is no component '{component}'", source.File,
                Remedy: Suggest.DidYouMean(component, names,
                    $"A library that no constraint pins has to be in {places}")));
        }
    }

    HashSet<PythonName> KnownIn(Release release) =>
        [.. release.SourceRefs.Keys.Concat(PinsOf(release)).Select(PythonName.Of)];

    IEnumerable<string> PinsOf(Release release) =>
        UpperConstraints.Read(release.UpperConstraintsFile, Path.GetRelativePath(catalog.Root,
            release.UpperConstraintsFile)).Pins.Select(x => x.Name).Distinct(StringComparer.Ordinal);

    static Release Change(Release release, IEnumerable<SourceRef> given)
    {
        var sources = new SortedList<string, SourceRef>(release.SourceRefs.ToDictionary(), StringComparer.Ordinal);
        foreach (var source in given)
            sources[source.Component] = source with
            {
                Url = release.SourceRefs.GetValueOrDefault(source.Component)?.Url,
            };
        return release with { SourceRefs = sources };
    }
}
