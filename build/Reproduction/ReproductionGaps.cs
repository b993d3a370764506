using OpenStack.Diagnostics;
using OpenStack.Locks;
using OpenStack.Signing;

namespace OpenStack.Reproduction;

/// <summary>
/// What somebody else who builds an image again would need, and its provenance does not lead to: places that are on one
/// machine alone, files that no commit has, inputs without a digest.
/// </summary>
public static class ReproductionGaps
{
    /// <summary>The most names that are told of one kind.</summary>
    const int Told = 3;

    /// <param name="provenance">What is said of an image.</param>
    /// <returns>None of an image that others can build again.</returns>
    public static IReadOnlyList<Problem> Of(Provenance provenance)
    {
        var name = provenance.Release is null ? provenance.Image : $"{provenance.Image} {provenance.Release}";
        if (!provenance.IsHermetic)
            return
            [
                new Problem($"{name} is not built from locks alone, so nobody knows what of",
                    Remedy: "Build it with --hermetic"),
            ];
        var (locks, unreadable) = BuildRecipe.ReadLocks(provenance);
        return
        [
            .. unreadable,
            .. BuildRecipe.MissingLocks(provenance, locks).Select(x => new Problem($"{name}: its provenance lacks {x}",
                Remedy: "Run the target Lock, and build it with --hermetic")),
            .. provenance.Dependencies.SelectMany(OfDependency).Select(x => x with { Found = $"{name}: {x.Found}" }),
            .. locks.SelectMany(x => OfLock(x.Value).Select(y => y with { File = $"releases/{x.Key}" })),
        ];
    }

    static IEnumerable<Problem> OfDependency(ResourceDescriptor dependency)
    {
        switch (dependency.Name)
        {
            case Materials.Repository:
                if (dependency.Annotation?.Name == Materials.Modified)
                    yield return new Problem(
                        $"it is built from files, refs or trees that commit {dependency.Digest[..7]} does not have",
                        Remedy: "Commit them; refs belong into source-refs.yaml");
                if (dependency.Uri is null)
                    yield return new Problem("it is built from a repository that nobody else can fetch",
                        Remedy: "Build it in a clone whose origin is an https or ssh url");
                break;
            case Materials.Distribution or Materials.Uv when dependency.Uri is null:
                yield return new Problem($"its {dependency.Name} is files of this machine",
                    Remedy: "Take an image of a registry");
                break;
            case var name when dependency.Uri is null
                && (name == Materials.Source || name.StartsWith($"{Materials.Source}/", StringComparison.Ordinal)):
                yield return new Problem($"its {name} is a tree of this machine", Remedy: "Build it from a ref");
                break;
        }
    }

    static IEnumerable<Problem> OfLock(InputLock of)
    {
        var unlocked = of.Inputs.OfType<UnlockedInput>().ToList();
        if (unlocked.Count > 0)
            yield return new Problem($"it has inputs without a digest: {Some(unlocked.Select(x => x.Name))}",
                Remedy: "See the line of each for the reason");
        var local = of.Files.Where(x => x.Url.StartsWith(LockedFile.Wheelhouse, StringComparison.Ordinal)).ToList();
        if (local.Count > 0)
            yield return new Problem(
                $"it has files of a directory of this machine: {Some(local.Select(x => x.FileName))}",
                Remedy: "Take them from an index");
    }

    static string Some(IEnumerable<string> names)
    {
        var list = names.ToList();
        return string.Join(", ", list.Take(Told)) + (list.Count > Told ? $" and {list.Count - Told} more" : "");
    }
}
