using OpenStack.Constraints;
using OpenStack.Storage;

namespace OpenStack.Changes;

/// <summary>
/// What one image depends on in the repository, part by part, so that two states of the repository can be compared.
/// </summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Release">The OpenStack release.</param>
/// <param name="Parts">
/// What it is as users name it (<c>patches</c>, <c>source ref</c>), with the digest of what the repository says.
/// </param>
/// <param name="Libraries">Ref and patches of each library that the release builds from source, as a digest.</param>
/// <param name="Pins">The effective constraints, by distribution.</param>
/// <param name="Closure">
/// The distributions that the image is known to have; null where nothing is known that still holds.
/// </param>
public sealed record ImageFootprint(
    string Service,
    string Release,
    IReadOnlyDictionary<string, string> Parts,
    IReadOnlyDictionary<PythonName, string> Libraries,
    IReadOnlyDictionary<PythonName, string> Pins,
    IReadOnlySet<PythonName>? Closure)
{
    /// <summary>The parts that decide which distributions the image has.</summary>
    static readonly string[] s_deciding = [RepositoryFootprint.SourceRef, RepositoryFootprint.Patches,
        RepositoryFootprint.PythonPackages];

    /// <summary>
    /// What decides which distributions an image has, once these are known: its own source, packages and plugins, and
    /// for each of the distributions which version, from where. A change of anything else cannot bring another
    /// distribution in.
    /// </summary>
    public string InputsOf(IReadOnlySet<PythonName> closure) => Digest.OfText(string.Join('\n',
        s_deciding.Concat(Parts.Keys.Where(x => x.StartsWith(RepositoryFootprint.Plugin, StringComparison.Ordinal)))
            .Select(x => $"{x} {Parts.GetValueOrDefault(x)}")
            .Concat(Restrict(Libraries, closure))
            .Concat(Restrict(Pins, closure))));

    /// <summary>
    /// How this state differs from an earlier one of the same image, in the words of the parts; empty where it does
    /// not.
    /// </summary>
    public IReadOnlyList<string> ChangesSince(ImageFootprint earlier)
    {
        var changes = Parts.Keys.Union(earlier.Parts.Keys)
            .Where(x => Parts.GetValueOrDefault(x) != earlier.Parts.GetValueOrDefault(x))
            .ToList();
        changes.AddRange(Differing(Libraries, earlier.Libraries, earlier.Closure).Select(x => $"library {x}"));
        // What a pin brings in is known for the earlier state only: the pins of that state's distributions decide.
        var pins = Differing(Pins, earlier.Pins, earlier.Closure).Select(x => x.Value).ToList();
        if (pins.Count > 0)
            changes.Add(pins.Count > 3
                ? $"{pins.Count} constraints"
                : $"constraint{(pins.Count == 1 ? "" : "s")} of {string.Join(", ", pins)}");
        return changes;
    }

    static IEnumerable<PythonName> Differing(IReadOnlyDictionary<PythonName, string> now,
        IReadOnlyDictionary<PythonName, string> earlier, IReadOnlySet<PythonName>? closure) =>
        now.Keys.Union(earlier.Keys)
            .Where(x => closure?.Contains(x) != false && now.GetValueOrDefault(x) != earlier.GetValueOrDefault(x))
            .OrderBy(x => x.Value, StringComparer.Ordinal);

    static IEnumerable<string> Restrict(IReadOnlyDictionary<PythonName, string> values,
        IReadOnlySet<PythonName> closure) =>
        values.Where(x => closure.Contains(x.Key)).Select(x => $"{x.Key} {x.Value}").Order(StringComparer.Ordinal);
}
