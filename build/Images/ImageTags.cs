using OpenStack.Diagnostics;

namespace OpenStack.Images;

/// <summary>A tag that a publication writes.</summary>
/// <param name="Name">What stands behind the colon.</param>
/// <param name="Mutable">Whether a later publication moves it to another image. The others are written once.</param>
/// <param name="Meaning">What it stands for.</param>
public sealed record ImageTag(string Name, bool Mutable, string Meaning);

/// <summary>What of a service image is in its tags.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Release">The OpenStack release.</param>
/// <param name="Version">Version of the service, after PEP 440; never a ref.</param>
/// <param name="Patches">
/// How many patches are in the image: those of the service and those of the libraries that it has.
/// </param>
/// <param name="Branch">The upstream branch, where the source ref is one.</param>
/// <param name="Commit">Full id of the upstream commit; null where the source is a local tree.</param>
public sealed record TaggedService(string Service, string Release, string Version, int Patches, string? Branch,
    string? Commit);

/// <summary>
/// The tags of an image. What it is made of names it for users (<c>28.0.2</c>, <c>28.0.2-p1</c>, <c>stable-2025.2</c>,
/// <c>3dfbbe7</c>, <c>2025.2</c>): these move, and only builds of <see cref="BuildRevision.Main"/> move them. The
/// commit of this repository names the one build (<c>28.0.2-p1-main-a1b2c3d</c>, <c>2025.2-a1b2c3d</c>), from any
/// branch.
/// </summary>
public static class ImageTags
{
    /// <summary>The tag of <c>python-base</c> that every build of <see cref="BuildRevision.Main"/> moves.</summary>
    public const string Newest = "latest";

    /// <summary>The tags of a service, the most telling first.</summary>
    public static IReadOnlyList<ImageTag> Of(TaggedService image, BuildRevision build)
    {
        var version = TagText.Shorten(TagText.OfVersion(image.Version), TagText.Limit / 2);
        var patched = $"{version}-p{image.Patches}";
        var tail = build.ShortCommit + (build.IsDirty ? "-dirty" : "");
        var branch = TagText.Shorten(TagText.OfBranch(build.Branch), TagText.Limit - patched.Length - tail.Length - 2);
        var composite = $"{patched}-{branch}-{tail}";
        // Nothing but the machine that has it can tell what it is.
        if (build.IsDirty) return [new ImageTag(composite, Mutable: true, "a build of what the commit does not have")];

        var tags = new List<ImageTag> { new(composite, Mutable: false, "this build") };
        tags.Add(new ImageTag($"{image.Release}-{build.ShortCommit}", Mutable: false, "this build of the release"));
        if (!build.IsMain) return tags;
        tags.Add(new ImageTag(version, Mutable: true, "newest image of the version"));
        if (image.Patches > 0)
            tags.Add(new ImageTag(patched, Mutable: true, "newest image of the version with as many patches"));
        if (image.Branch is not null)
            tags.Add(new ImageTag(TagText.Shorten(TagText.OfBranch(image.Branch), TagText.Limit), Mutable: true,
                "newest image of the upstream branch"));
        // The commit stays; what it is built with and on does not.
        if (image.Commit is not null)
            tags.Add(new ImageTag(image.Commit[..7], Mutable: true, "newest image of the upstream commit"));
        tags.Add(new ImageTag(image.Release, Mutable: true, "newest image of the release"));
        return [.. tags.DistinctBy(x => x.Name)];
    }

    /// <summary>The tags of <c>python-base</c>.</summary>
    /// <param name="contents">What it has: its Python, <c>3.12</c>, and the codename of its distribution, <c>noble</c>,
    /// name it.</param>
    /// <exception cref="ProblemException">It lacks one of them.</exception>
    public static IReadOnlyList<ImageTag> OfBase(ImageContents contents, BuildRevision build) =>
        contents is { Python: { } python, Codename: { } codename } ? OfBase(python, codename, build)
        : throw new ProblemException($"{BaseImages.PythonBase} has no python3 or no VERSION_CODENAME in its os-release",
            "Start it from another image");

    internal static IReadOnlyList<ImageTag> OfBase(string python, string codename, BuildRevision build)
    {
        if (build.IsDirty)
            return [new ImageTag($"{build.Commit}-dirty", Mutable: true, "a build of what the commit does not have")];
        var tags = new List<ImageTag> { new(build.Commit, Mutable: false, "this build") };
        if (!build.IsMain) return tags;
        tags.Add(new ImageTag($"{python}-{codename}", Mutable: true,
            "newest image of this Python on this distribution"));
        tags.Add(new ImageTag(Newest, Mutable: true, "newest image"));
        return tags;
    }

    /// <summary>For people.</summary>
    public static TextTable TableOf(IEnumerable<ImageTag> tags) => new(["tag", "moves", "meaning"],
        [.. tags.Select(x => (string[])[x.Name, x.Mutable ? "yes" : "no", x.Meaning])]);

    /// <summary>Tags that several images of a service would be given: the last one would win.</summary>
    public static IReadOnlyList<Problem> Clashes(
        IEnumerable<(TaggedService Image, IReadOnlyList<ImageTag> Tags)> images) =>
    [
        .. images
            .SelectMany(x => x.Tags, (x, tag) => (x.Image, tag.Name))
            .GroupBy(x => (x.Image.Service, x.Name), x => x.Image.Release)
            .Where(x => x.Count() > 1)
            .Select(x =>
                new Problem($"{x.Key.Service}:{x.Key.Name} would be the tag of releases {string.Join(" and ", x)}",
                    Expected: "a version and a branch of its own for each release",
                    Remedy: "Give them different refs")),
    ];
}
