using System.Text.Json;
using OpenStack.Diagnostics;

namespace OpenStack.Answers;

/// <summary>The images that there are, or were selected.</summary>
public sealed record ImageList(IReadOnlyList<ListedImage> Images)
{
    /// <summary>What stands where something is not known; what there is none of is a dash.</summary>
    const string NotKnown = "?";

    /// <summary>Digits of a digest that are enough to tell it from others.</summary>
    const int ShortDigest = 12;

    public TextTable Table => new(["service", "release", "series", "kind", "ref", "version", "patches", "built",
        "published", "tags"],
    [
        .. Images.Select(x => (string[])
        [
            x.Service, x.Release, Shown(x, "status", x.Status), x.Kind.ToString().ToLowerInvariant(),
            x.RefKind is { } kind ? $"{x.Ref} ({kind.ToString().ToLowerInvariant()})" : x.Ref,
            Shown(x, "version", x.Version), x.Patches.Count == 0 ? "-" : $"{x.Patches.Count}",
            Shown(x, "digest", Short(x.Digest)), Shown(x, "publishedDigest", Short(x.PublishedDigest)),
            Shown(x, "tags", x.Tags is [var first, ..] ? first + (x.Tags.Count > 1 ? $" +{x.Tags.Count - 1}" : "")
                : null),
        ]),
    ]);

    /// <summary>The table, and under it why something is not known, each reason once.</summary>
    public string Text => string.Concat(Table.Lines.Concat(Reasons.Count > 0 ? Reasons.Prepend("") : [])
        .Select(x => $"{x}\n"));

    IReadOnlyList<string> Reasons =>
    [
        .. Images.SelectMany(x => x.NotKnown).GroupBy(x => x.Value, x => x.Key)
            .Select(x => $"{NotKnown} {string.Join(", ", x.Distinct())}: {x.Key}"),
    ];

    public string ToJson() => JsonSerializer.Serialize(Images, ListJson.Default.IReadOnlyListListedImage) + "\n";

    /// <summary><c>3 of 54 built</c>.</summary>
    public string Summary => $"{Images.Count(x => x.Digest is not null)} of {Images.Count} built";

    static string Shown(ListedImage image, string name, string? value) =>
        value ?? (image.NotKnown.ContainsKey(name) ? NotKnown : "-");

    static string? Short(string? digest) => digest?.Split(':')[^1][..ShortDigest];
}
