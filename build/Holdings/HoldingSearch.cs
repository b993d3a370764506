namespace OpenStack.Holdings;

/// <summary>An image, and where it is found.</summary>
public sealed record FoundImage(HeldImage Image, IReadOnlyList<string> Tags);

/// <summary>Which images have what is asked for, and which lack what others have.</summary>
/// <param name="history">What the sources of components have without a patch.</param>
public sealed class HoldingSearch(RefHistory history)
{
    public async Task<IReadOnlyList<Holding>> AnswerAsync(Question question, IReadOnlyList<FoundImage> images)
    {
        if (question.Change is null) return [.. images.SelectMany(x => Packages(question, x))];
        var makers = images.SelectMany(x => x.Image.Components)
            .SelectMany(x => x.Patches.Where(question.Change.IsIn), (x, patch) => (x.Key, Patch: patch))
            .GroupBy(x => x.Key).ToDictionary(x => x.Key, x => x.Select(y => y.Patch).MaxBy(y => y.Text is not null)!);
        var answers = new List<(Holding Holding, bool IsStranger)>();
        foreach (var image in images)
            foreach (var component in image.Image.Components.Where(x => IsConcerned(question, x, makers)))
                answers.Add(await AnswerAsync(question, image, component, makers.GetValueOrDefault(component.Key)));
        // A commit is of one repository; the others do not know it, unless nobody does.
        var known = answers.Where(x => !x.IsStranger).ToList();
        return [.. (known.Count > 0 ? known : answers).Select(x => x.Holding)];
    }

    static IEnumerable<Holding> Packages(Question question, FoundImage image) =>
        from component in image.Image.Components
        where question.IsPackage(component)
        let isVersion = question.IsVersion(component)
        where isVersion != false
        select isVersion is null
            ? Of(image, component, HoldingState.Unknown, "its version cannot be compared with what is asked")
            : Of(image, component, HoldingState.Has, component.How);

    /// <summary>
    /// A change is of the component that it is asked of; otherwise of those that it is a patch of anywhere, and a
    /// commit, of all that is built from source.
    /// </summary>
    static bool IsConcerned(Question question, HeldComponent component, Dictionary<string, HeldPatch> makers) =>
        question.Package is not null ? question.IsPackage(component) && question.IsVersion(component) != false
        : makers.ContainsKey(component.Key) || (makers.Count == 0 && question.Change!.Commit is not null
            && component.Commit is not null);

    /// <returns>Also whether what it is built from knows nothing of the change.</returns>
    async Task<(Holding Holding, bool IsStranger)> AnswerAsync(
        Question question, FoundImage image, HeldComponent component, HeldPatch? maker)
    {
        var change = question.Change!;
        (Holding, bool) Is(HoldingState state, string because, bool isStranger = false) =>
            (Of(image, component, state, because), isStranger);

        if (component.Patches.FirstOrDefault(change.IsIn) is { } patch)
            return Is(HoldingState.Has, $"by the patch {patch.Name}");
        if (change.Commit is not null && component.Commit?.StartsWith(change.Commit, StringComparison.Ordinal) == true)
            return Is(HoldingState.Has, "it is built from that commit");
        if (component.Commit is null)
            return question.Versions.Count > 0
                ? Is(HoldingState.Lacks, $"{component.How}, of a version that is asked for")
                : Is(HoldingState.Unknown,
                    $"{component.How}: what its maker put into it is not said; give --version");
        var answer = await history.AskAsync(component, change, maker);
        return Is(answer.IsIn switch
        {
            true => HoldingState.Has,
            false => HoldingState.Lacks,
            null => HoldingState.Unknown,
        }, answer.Because, answer.IsStranger);
    }

    static Holding Of(FoundImage image, HeldComponent component, HoldingState state, string because) =>
        new(image.Image.Image, image.Tags, image.Image.Platform, image.Image.Digest, component.Name, component.Version,
            state, because);
}
