namespace OpenStack.Locks;

/// <summary>Why an input is another one: who decides that it is, as far as the two locks say.</summary>
static class LockReasons
{
    /// <param name="of">What moved besides.</param>
    public static string Of(LockChange change, LockDifference of) => (change.Kind, change.After ?? change.Before) switch
    {
        (InputChange.Replaced, _) => "the same version has other bytes: ask whoever publishes it",
        (InputChange.Relocated, _) => "the same bytes, elsewhere",
        (_, LockedFile { Kind: FileKind.Deb } deb) => OfDeb(change, deb, of),
        (_, LockedFile { Kind: FileKind.Build }) => "what building takes: the index, or build-constraints.txt",
        (_, LockedFile) => change.Before is null || change.After is null
            ? "the requirements of another version, or extra-packages.yaml" : "upper-constraints.txt, or an override",
        (InputChange.Moved, LockedCommit { Ref: var to }) when change.Before is LockedCommit { Ref: var from } =>
            from == to ? $"{to} has moved" : $"source-refs.yaml: {from} → {to}",
        (_, LockedCommit) => "source-refs.yaml",
        (_, LockedImage) => "its name means another one now",
        (_, LockedSuite) => "signed anew",
        _ => "",
    };

    static string OfDeb(LockChange change, LockedFile deb, LockDifference of)
    {
        if (change.Before is null || change.After is null) return "bindep.txt, or a dependency of another version";
        var suites = of.Changes.Select(x => x.After).OfType<LockedSuite>()
            .Where(x => deb.Url.StartsWith(x.Archive, StringComparison.Ordinal))
            .Select(x => $"{x.Name} of {x.Date:yyyy-MM-dd}");
        return string.Join(", ", suites) is { Length: > 0 } found ? found : "its archive";
    }
}
