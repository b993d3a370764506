using System.Text.Json;
using System.Text.Json.Serialization;
using OpenStack.Diagnostics;
using OpenStack.Holdings;
using OpenStack.Sbom;
using OpenStack.Storage;

namespace OpenStack.Notes;

/// <summary>One platform of both images.</summary>
/// <param name="Platform">Null where neither says it.</param>
/// <param name="From">Digest before.</param>
/// <param name="FromSize">Bytes as they are stored; null where they are not known.</param>
sealed record PlatformNote(string? Platform, string From, string To, long? FromSize, long? ToSize);

/// <summary>
/// What one image brings that another has not: commits of upstream, patches, packages, bytes. What its fields mean is
/// said in <c>release-notes-v1.md</c>. It has no times, so the same two images give the same bytes.
/// </summary>
/// <param name="From">The image before, as it was given.</param>
/// <param name="To">The image now.</param>
sealed record ReleaseNotes(string From, string To)
{
    public required IReadOnlyList<PlatformNote> Platforms { get; init; }

    /// <summary>Vulnerabilities that commits or patches mend, and nothing in the image before is said to.</summary>
    public IReadOnlyList<string> Fixes { get; init; } = [];

    /// <summary>Vulnerabilities whose fix went, and is not known to have come in another way.</summary>
    public IReadOnlyList<string> Loses { get; init; } = [];

    /// <summary>Bugs on Launchpad that commits or patches close, and no patch that went.</summary>
    public IReadOnlyList<long> Closes { get; init; } = [];

    /// <summary>Components built from source whose commit is another one.</summary>
    public required IReadOnlyList<SourceNote> Sources { get; init; }

    public required IReadOnlyList<PatchNote> Patches { get; init; }

    public required IReadOnlyList<PlatformDiff> Packages { get; init; }

    /// <exception cref="ProblemException">The images have no architecture in common.</exception>
    public static async Task<ReleaseNotes> OfAsync(NotedImage from, NotedImage to, UpstreamHistory history)
    {
        var pairs = SbomDiff.Pair(from.Name, from.Platforms, to.Name, to.Platforms, x => x.Held.Platform);
        var components = pairs.SelectMany(x => Pairs(x.Before.Held, x.After.Held)).ToList();
        var sources = new List<SourceNote>();
        foreach (var (before, after) in components.Where(x => x.Before?.Commit != x.After?.Commit)
            .DistinctBy(x => ((x.Before ?? x.After)!.Key, x.Before?.Commit, x.After?.Commit)))
            sources.Add(await history.ReadAsync(before, after));
        var patches = new List<PatchNote>();
        foreach (var (before, after, patch, change) in components.SelectMany(x => PatchNote.Compare(
                x.Before?.Patches ?? [], x.After?.Patches ?? []),
                (x, patch) => (x.Before, x.After, patch.Patch, patch.Change))
            .DistinctBy(x => ((x.Before ?? x.After)!.Key, x.Patch.Name, x.Patch.Digest, x.Change)))
        {
            var note = PatchNote.Of((after ?? before)!, patch, change);
            var found = change == PatchChange.Removed ? await history.HasAsync(after, patch) : null;
            patches.Add(note with { IsInSource = found?.IsIn, Because = found?.Because });
        }

        return Concluded(new ReleaseNotes(from.Name, to.Name)
        {
            Platforms = [.. pairs.Select(x => new PlatformNote(x.After.Held.Platform, x.Before.Held.Digest,
                x.After.Held.Digest, x.Before.Size, x.After.Size))],
            Sources = [.. sources.OrderBy(x => x.Component, StringComparer.Ordinal)],
            Patches = [.. patches.OrderBy(x => x.Change).ThenBy(x => x.Component, StringComparer.Ordinal)
                .ThenBy(x => x.Name, StringComparer.Ordinal)],
            Packages = [.. pairs.Select(x => PlatformDiff.Of(x.Before.List, x.After.List))],
        }, MendedIn(from), MendedIn(to));
    }

    /// <summary>What all of that means for vulnerabilities and bugs.</summary>
    static ReleaseNotes Concluded(ReleaseNotes notes, HashSet<string> mendedBefore, HashSet<string> mendedNow)
    {
        var came = notes.Sources.SelectMany(x => x.Commits ?? []).ToList();
        var gone = notes.Sources.SelectMany(x => x.Gone ?? []).ToList();
        var added = notes.Patches.Where(x => x.Change != PatchChange.Removed).ToList();
        var removed = notes.Patches.Where(x => x.Change == PatchChange.Removed && x.IsInSource != true);
        var fixes = came.SelectMany(x => x.Vulnerabilities).Concat(added.SelectMany(x => x.Vulnerabilities))
            .ToHashSet();
        return notes with
        {
            Fixes = [.. fixes.Except(mendedBefore).Order(StringComparer.Ordinal)],
            Loses = [.. gone.SelectMany(x => x.Vulnerabilities).Concat(removed.SelectMany(x => x.Vulnerabilities))
                .Except(mendedNow).Except(fixes).Order(StringComparer.Ordinal)],
            Closes = [.. came.SelectMany(x => x.Bugs).Concat(added.Where(x => x.Change == PatchChange.Added)
                .SelectMany(x => x.Bugs)).Except(notes.Patches.Where(x => x.Change == PatchChange.Removed)
                .SelectMany(x => x.Bugs)).Order()],
        };
    }

    static HashSet<string> MendedIn(NotedImage image) =>
        [.. image.Platforms.SelectMany(x => x.Held.Components).SelectMany(x => x.Patches)
            .SelectMany(PatchNote.VulnerabilitiesOf)];

    /// <summary>What is, or was, built from source or patched, each with what became of it.</summary>
    static IEnumerable<(HeldComponent? Before, HeldComponent? After)> Pairs(HeldImage before, HeldImage after)
    {
        var (old, @new) = (Of(before), Of(after));
        return old.Keys.Union(@new.Keys).Select(x => (old.GetValueOrDefault(x), @new.GetValueOrDefault(x)))
            .Where(x => IsOurs(x.Item1) || IsOurs(x.Item2));
    }

    static bool IsOurs(HeldComponent? component) => component is not null
        && (component.Commit is not null || component.Patches.Length > 0);

    /// <summary>What is there several times is what is built from source, where one of them is.</summary>
    static Dictionary<string, HeldComponent> Of(HeldImage image) => image.Components.GroupBy(x => x.Key)
        .ToDictionary(x => x.Key, x => x.FirstOrDefault(IsOurs) ?? x.First(), StringComparer.Ordinal);

    /// <summary>One object, indented, with a final newline.</summary>
    public string ToJson() => ReadableJson.Text(JsonSerializer.SerializeToNode(this, NotesJson.Default.ReleaseNotes)!);
}

/// <summary>Generated, because reflection costs start-up time.</summary>
[JsonSerializable(typeof(ReleaseNotes))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
sealed partial class NotesJson : JsonSerializerContext;
