using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>The symbolic links of a tree, and where they lead.</summary>
/// <param name="Targets">Text of each link, as bytes, one a character, by its path in the tree.</param>
sealed record TreeLinks(IReadOnlyDictionary<string, string> Targets)
{
    /// <summary>As many as Linux follows (path_resolution(7)); more of them lead nowhere.</summary>
    const int MostFollowed = 40;

    /// <summary>Those of a tree on disk.</summary>
    public static TreeLinks Of(AbsolutePath directory) => new(FileTree.Entries(directory)
        .Where(x => x.Entry.LinkTarget is not null && !x.Name.StartsWith(".git/", StringComparison.Ordinal))
        .ToDictionary(x => x.Name, x => LinkText.Read(x.Entry), StringComparer.Ordinal));

    /// <summary>Those of an index over the objects of a mirror, which may have to fetch what is in them.</summary>
    /// <param name="commit">The commit of the mirror that the index began with.</param>
    public static async Task<TreeLinks> OfAsync(ScratchRepository scratch, Mirror mirror, string commit,
        CancellationToken cancellation)
    {
        var links = (await scratch.ListAsync(cancellation)).Where(x => x.IsLink).ToList();
        if (!await MirrorContents.EnsureAsync(mirror, [$"{commit}^{{tree}}"], [.. links.Select(x => x.Name)],
            cancellation))
        {
            throw new ProblemException($"{mirror.Component}: the symbolic links of {commit} cannot be had",
                "Check the network and run the same command again");
        }

        return await scratch.ReadLinksAsync(links, cancellation);
    }

    /// <summary>
    /// What a patch has done to links that nobody wants: they lead out of the tree, or to a name that is not UTF-8.
    /// </summary>
    /// <param name="before">The links before it; what was wrong with them already is upstream's.</param>
    public IReadOnlyList<Problem> Check(TreeLinks before, PatchMail patch, string label)
    {
        bool WasThere(string link) =>
            before.Targets.TryGetValue(link, out var target) && target == Targets[link] && !before.IsSound(link);
        Problem Describe(string link)
        {
            var line = patch.Text.Files.FirstOrDefault(x => x.NewName == link)?.Line ?? patch.Line;
            var target = Targets[link];
            return PatchText.IsUtf8(target)
                ? new Problem(
                    $"The patch makes {link} a link to '{PatchText.Utf8(target)}', which is not in the source tree",
                    label, line, Expected: "a relative path within the tree")
                : new Problem($"The patch makes {link} a link to a name that is not UTF-8: {GitName.Quote(target)}",
                    label, line, Expected: "a name in UTF-8");
        }

        return [.. Targets.Keys.Order(StringComparer.Ordinal).Where(x => !IsSound(x) && !WasThere(x)).Select(Describe)];
    }

    /// <summary>
    /// Whether a link is UTF-8 and ends in the tree and not in its <c>.git</c>; one that ends nowhere does no harm.
    /// </summary>
    public bool IsSound(string link) => PatchText.IsUtf8(Targets[link]) && StaysInTree(link);

    /// <summary>
    /// Follows a link through the links on its way: <c>a/..</c> is not where <c>a</c> is, if that is a link itself.
    /// </summary>
    bool StaysInTree(string link)
    {
        var place = new List<string>(link.Split('/')[..^1]);
        var rest = new Stack<string>();
        var followed = 0;
        bool Follow(string target)
        {
            foreach (var part in target.Split('/').Reverse()) rest.Push(part);
            return !target.StartsWith('/') && ++followed <= MostFollowed;
        }

        if (!Follow(Targets[link])) return false;
        while (rest.TryPop(out var part))
        {
            if (part is "" or ".") continue;
            if (part == ".." && place.Count == 0) return false;
            if (part == "..")
            {
                place.RemoveAt(place.Count - 1);
                continue;
            }

            place.Add(part);
            if (!Targets.TryGetValue(string.Join('/', place), out var target)) continue;
            place.RemoveAt(place.Count - 1);
            if (!Follow(target)) return followed > MostFollowed;
        }

        return !place.Exists(x => x.Equals(".git", StringComparison.OrdinalIgnoreCase));
    }
}
