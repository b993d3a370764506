using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpenStack.Diagnostics;

namespace OpenStack.Sbom;

/// <summary>What became of one component.</summary>
/// <param name="Component">What it is: <c>deb/debian/openssl</c>, <c>pypi/keystone</c>.</param>
/// <param name="From">Its versions before; null where it was not there.</param>
/// <param name="To">Its versions now; null where it is not there any more.</param>
/// <param name="Patches">
/// Patches that came (<c>+name</c>), went (<c>-name</c>) or are others of the same name (<c>±name</c>); null for none.
/// </param>
sealed record SbomChange(SbomChangeKind Kind, string Component, string? From, string? To,
    IReadOnlyList<string>? Patches = null);

enum SbomChangeKind
{
    [JsonStringEnumMemberName("added")] Added,
    [JsonStringEnumMemberName("removed")] Removed,

    /// <summary>Another version, perhaps with other patches.</summary>
    [JsonStringEnumMemberName("changed")] Changed,

    /// <summary>The same version with other patches.</summary>
    [JsonStringEnumMemberName("patched")] Patched,
}

/// <summary>How two SBOMs of one architecture differ.</summary>
/// <param name="Architecture">Null where neither says it.</param>
/// <param name="Changes">By kind and component.</param>
sealed record PlatformDiff(string? Architecture, IReadOnlyList<SbomChange> Changes)
{
    public static PlatformDiff Of(BomList from, BomList to)
    {
        var (before, after) = (from.Components.ToLookup(x => x.Key, StringComparer.Ordinal),
            to.Components.ToLookup(x => x.Key, StringComparer.Ordinal));
        var changes = before.Concat(after)
            .Select(x => x.Key)
            .Distinct(StringComparer.Ordinal)
            .Select(x => Change(x, before[x].ToList(), after[x].ToList()))
            .OfType<SbomChange>();
        return new PlatformDiff(to.Architecture ?? from.Architecture,
            [.. changes.OrderBy(x => x.Kind).ThenBy(x => x.Component, StringComparer.Ordinal)]);
    }

    static SbomChange? Change(string key, List<ListedComponent> before, List<ListedComponent> after)
    {
        var (from, to) = (Versions(before), Versions(after));
        var patches = Patches(before, after);
        if (from == to && patches.Count == 0) return null;
        var kind = before.Count == 0 ? SbomChangeKind.Added
            : after.Count == 0 ? SbomChangeKind.Removed
            : from != to ? SbomChangeKind.Changed
            : SbomChangeKind.Patched;
        return new SbomChange(kind, key, before.Count == 0 ? null : from, after.Count == 0 ? null : to,
            patches.Count == 0 ? null : patches);
    }

    /// <summary>An image may have several versions of something.</summary>
    static string Versions(List<ListedComponent> components) => string.Join(", ",
        components.Select(x => x.Version).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    static List<string> Patches(List<ListedComponent> before, List<ListedComponent> after)
    {
        var (old, @new) = (All(before), All(after));
        return [.. old.Keys.Union(@new.Keys).Order(StringComparer.Ordinal)
            .Select(x => (old.GetValueOrDefault(x), @new.GetValueOrDefault(x)) switch
            {
                (null, _) => $"+{x}",
                (_, null) => $"-{x}",
                var (was, @is) => was == @is ? null : $"±{x}",
            }).OfType<string>()];
    }

    static Dictionary<string, string> All(List<ListedComponent> components) =>
        components.SelectMany(x => x.Patches).DistinctBy(x => x.Key).ToDictionary(StringComparer.Ordinal);
}

/// <summary>How two images differ, by what their SBOMs say.</summary>
/// <param name="From">What was compared, as it was given.</param>
sealed record SbomDiff(string From, string To, IReadOnlyList<PlatformDiff> Platforms)
{
    /// <summary>
    /// Compares those of the same architecture; one alone is compared with one alone, whatever they are.
    /// </summary>
    /// <exception cref="ProblemException">They have no architecture in common.</exception>
    public static SbomDiff Of(string from, IReadOnlyList<BomList> before, string to, IReadOnlyList<BomList> after) =>
        new(from, to, [.. Pair(from, before, to, after, x => x.Architecture)
            .Select(x => PlatformDiff.Of(x.Before, x.After))]);

    /// <summary>What is compared with what, of two images.</summary>
    /// <exception cref="ProblemException">They have no architecture in common.</exception>
    public static IReadOnlyList<(T Before, T After)> Pair<T>(string from, IReadOnlyList<T> before, string to,
        IReadOnlyList<T> after, Func<T, string?> architecture)
    {
        if (before is [var one] && after is [var other]) return [(one, other)];
        var pairs = before.Join(after, architecture, architecture, (x, y) => (x, y)).ToList();
        if (pairs.Count > 0) return pairs;
        string Names(IReadOnlyList<T> lists) =>
            lists.Count == 0 ? "none" : string.Join(", ", lists.Select(x => architecture(x) ?? "unknown"));
        throw new ProblemException(new Problem($"{from} and {to} have no architecture in common",
            Expected: $"one of {Names(before)} among {Names(after)}"));
    }

    /// <summary><c>2 changed, 1 patched</c>.</summary>
    public string Summary() => Platforms.SelectMany(x => x.Changes)
        .GroupBy(x => x.Kind)
        .OrderBy(x => x.Key)
        .Select(x => $"{x.Count()} {x.Key.ToString().ToLowerInvariant()}")
        .ToList() is { Count: > 0 } counts
        ? string.Join(", ", counts)
        : "no difference";

    public static TextTable TableOf(PlatformDiff platform) => new(["change", "component", "from", "to", "patches"],
        [.. platform.Changes.Select(x => (string[])[x.Kind.ToString().ToLowerInvariant(), x.Component, x.From ?? "-",
            x.To ?? "-", x.Patches is null ? "-" : string.Join(' ', x.Patches)])]);

    public string ToMarkdown() => $"## What changed\n\nFrom `{From}` to `{To}`: {Summary()}.\n"
        + string.Concat(Platforms.Where(x => x.Changes.Count > 0)
            .Select(x => $"\n### {x.Architecture ?? "Components"}\n\n{TableOf(x).Markdown}"));

    /// <summary>One object, two-space indent, final newline.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SbomJson.Readable.SbomDiff) + "\n";
}

/// <summary>Generated, because reflection costs start-up time.</summary>
[JsonSerializable(typeof(SbomDiff))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
sealed partial class SbomJson : JsonSerializerContext
{
    static SbomJson? s_readable;

    /// <summary>With <c>+</c>, <c>±</c> and the like as they are.</summary>
    public static SbomJson Readable => s_readable ??= new SbomJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
