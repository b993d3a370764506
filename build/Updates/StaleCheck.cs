using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;

namespace OpenStack.Updates;

/// <summary>
/// Finds the published images that would come out otherwise if they were built now: what they are built on has moved,
/// or their source has. It goes by what the registry has and by the labels in it, platform by platform, and by nothing
/// that is on this machine.
/// </summary>
/// <param name="client">The registry that has the images.</param>
/// <param name="find">Finds an image of any registry by the name that a label has; null where there is none.</param>
public sealed class StaleCheck(RegistryClient client, Func<string, Task<RemoteImage?>> find)
{
    /// <summary>Begins the reasons that no lock keeps a build from mending.</summary>
    public const string NotPublished = "not published";

    const int Parallelism = 8;

    /// <summary>An image, and what it says of itself.</summary>
    sealed record Published(string Digest, IReadOnlyList<PublishedPlatform> Platforms);

    /// <summary>What came of looking for one.</summary>
    /// <param name="Image">Null where there is none, or nobody knows.</param>
    /// <param name="Problems">Why nobody knows; empty where somebody does.</param>
    sealed record Look(Published? Image, IReadOnlyList<Problem> Problems);

    /// <param name="pythonBase">Where <c>python-base</c> is published.</param>
    /// <param name="baseName">What images call it that are built on it.</param>
    /// <param name="images">The service images.</param>
    /// <returns>An answer for each: that of some nobody knows does not keep the others from theirs.</returns>
    /// <exception cref="ProblemException">The registry cannot be asked for any of them, or gives what is no image; for
    /// each image.</exception>
    public async Task<StaleReport> RunAsync(RegistryReference pythonBase, string baseName,
        IReadOnlyList<ExpectedImage> images, CancellationToken cancellation = default)
    {
        var looks = await Problems.CollectAsync<RegistryReference, Look>(
            [pythonBase, .. images.Select(x => x.Published)],
            async (reference, token) => await LookAsync(reference, token), Parallelism);
        // Where nothing is known, nothing is up to date either.
        if (looks.All(x => x.Problems.Count > 0)) throw new ProblemException([.. looks.SelectMany(x => x.Problems)]);
        var state = await JudgeBaseAsync(looks[0]);
        return new StaleReport([state,
            .. images.Select((x, i) => Judge(x, looks[i + 1], baseName, looks[0].Image, state))]);
    }

    async Task<Look> LookAsync(RegistryReference reference, CancellationToken cancellation)
    {
        try
        {
            if (await RemoteImage.FindAsync(client, reference, cancellation) is not { } image)
                return new Look(null, []);
            var platforms = await PublishedPlatform.ReadAsync(client, image, cancellation);
            return platforms.Count > 0 ? new Look(new Published(image.Digest, platforms), [])
                : new Look(null, [new Problem($"{reference} lists no image of any platform")]);
        }
        catch (ProblemException e)
        {
            return new Look(null, e.Problems);
        }
    }

    async Task<PublishedState> JudgeBaseAsync(Look look)
    {
        if (look.Problems.Count > 0)
            return new PublishedState(BaseImages.PythonBase, null, [], [.. look.Problems.Select(x => x.Found)]);
        if (look.Image is not { } image) return new PublishedState(BaseImages.PythonBase, null, [NotPublished], []);
        var unknown = new List<string>();
        var upstream = new Dictionary<string, RemoteImage?>();
        foreach (var name in image.Platforms.Select(x => x.BaseName).OfType<string>().Distinct())
        {
            try
            {
                upstream[name] = await find(name);
                if (upstream[name] is null) unknown.Add($"{name} is not in its registry");
            }
            catch (ProblemException e)
            {
                unknown.Add($"{name} cannot be looked up: {e.Problems[0].Found}");
            }
        }

        return new PublishedState(BaseImages.PythonBase, null, OfPlatforms(image, x =>
        {
            if (x is not { BaseName: { } name, BaseDigest: { } digest }) return ["does not say what it is built on"];
            if (upstream.GetValueOrDefault(name) is not { } now) return [];
            // It was built on the index as a whole, or on its platform's part of it.
            return digest == now.Digest || now.Platforms.Any(y => y.Digest == digest && y.Platform == x.Platform)
                ? []
                : [$"{name} moved: {Short(digest)} → {Short(now.Digest)}"];
        }), unknown);
    }

    static PublishedState Judge(ExpectedImage expected, Look look, string baseName, Published? pythonBase,
        PublishedState baseState)
    {
        IReadOnlyList<string> unknown =
        [
            .. look.Problems.Select(x => x.Found),
            .. expected.Commit is null ? [$"ref {expected.Ref}: {expected.Unknown}"] : Array.Empty<string>(),
            // It is as old as what it is built on, and nobody knows how old that is.
            .. baseState.Unknown.Select(x => $"{BaseImages.PythonBase}: {x}"),
        ];
        if (look.Problems.Count > 0) return new PublishedState(expected.Service, expected.Release, [], unknown);
        if (look.Image is not { } image)
            return new PublishedState(expected.Service, expected.Release, [NotPublished], unknown);
        var because = new List<string>();
        if (baseState.IsStale) because.Add($"{BaseImages.PythonBase} is stale: {string.Join(", ", baseState.Because)}");
        because.AddRange(OfPlatforms(image, x => [.. OfBase(x, baseName, pythonBase), .. OfSource(x, expected)]));
        because.AddRange((pythonBase?.Platforms ?? [])
            .Select(x => x.Platform)
            .Except(image.Platforms.Select(x => x.Platform))
            .Select(x => $"{NotPublished} for {x}"));
        return new PublishedState(expected.Service, expected.Release, because, unknown);
    }

    static IEnumerable<string> OfBase(PublishedPlatform image, string baseName, Published? pythonBase)
    {
        if (image is not { BaseName: { } name, BaseDigest: { } digest })
            yield return "does not say what it is built on";
        else if (name != baseName) yield return $"built on {name}, not on {baseName}";
        else if (pythonBase is null) yield break;
        else if (pythonBase.Platforms.FirstOrDefault(x => x.Platform == image.Platform) is not { } now)
            yield return $"{BaseImages.PythonBase} is not published for {image.Platform} any more";
        else if (digest != now.Digest && digest != pythonBase.Digest)
            yield return $"{BaseImages.PythonBase} moved: {Short(digest)} → {Short(now.Digest)}";
    }

    static IEnumerable<string> OfSource(PublishedPlatform image, ExpectedImage expected) =>
        expected.Commit is null || image.Revision == expected.Commit ? []
            : [$"ref {expected.Ref} is at {Short(expected.Commit)}, the image has "
                + $"{(image.Revision is null ? "no revision" : Short(image.Revision))}"
                + $"{(image.Version is null ? "" : $" ({image.Version})")}"];

    /// <summary>What is true of every platform is said once, and of the others which they are.</summary>
    static IReadOnlyList<string> OfPlatforms(Published image, Func<PublishedPlatform, IEnumerable<string>> judge) =>
    [
        .. image.Platforms
            .SelectMany(x => judge(x).Select(y => (x.Platform, Reason: y)))
            .GroupBy(x => x.Reason)
            .Select(x => x.Count() == image.Platforms.Count
                ? x.Key
                : $"{x.Key} ({string.Join(", ", x.Select(y => y.Platform))})"),
    ];

    /// <summary>Enough of a digest or of a commit to know it by; what follows a commit after a hyphen stays.</summary>
    static string Short(string id)
    {
        var algorithm = id.IndexOf(':') + 1;
        var end = id.IndexOf('-');
        var digits = end < 0 ? id[algorithm..] : id[algorithm..end];
        return id[..algorithm] + digits[..Math.Min(digits.Length, 12)] + (end < 0 ? "" : id[end..]);
    }
}
