using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Locks;

namespace OpenStack.Updates;

/// <summary>
/// Locks that say something else than those that are committed. They are not made here: that takes a build, as apt
/// answers in the base image and a project's backend says what building it takes.
/// </summary>
/// <param name="written">The directory with one subdirectory per release that <c>Lock</c> has written to.</param>
/// <param name="committed">The same of the commit.</param>
/// <param name="shownAs">The directory relative to the repository.</param>
public sealed class LockUpdate(AbsolutePath written, AbsolutePath committed, string shownAs)
{
    const int MostInputs = 200;

    /// <param name="release">Null for the locks of the base images.</param>
    /// <returns>Null where nothing differs.</returns>
    /// <exception cref="ProblemException">Locks that cannot be read.</exception>
    public UpdateDraft? Of(string? release)
    {
        var locks = LockSubject.FilesBelow(written).Where(x => ReleaseOf(x) == release).ToList();
        var (files, text, moved) = (new Dictionary<string, string?>(), "", 0);
        var latest = DateTimeOffset.UnixEpoch;
        foreach (var file in locks)
        {
            var path = Path.GetRelativePath(written, file);
            var now = InputLock.Read(file, $"{shownAs}/{path}");
            var before = File.Exists(committed / path) ? InputLock.Read(committed / path, $"{shownAs}/{path}") : null;
            if (before?.ToText() == now.ToText()) continue;
            var difference = LockDifference.Between(before?.Inputs ?? [], now.Inputs);
            files[$"{shownAs}/{path}"] = now.ToText();
            var told = before is null ? $"New, with {now.Inputs.Count} inputs.\n" : Table(difference);
            text += $"\n### {now.Subject}\n\n{told}";
            moved += difference.Mattering.Count;
            var dates = now.Inputs.OfType<LockedSuite>().Select(x => x.Date).Append(latest);
            latest = dates.Max();
        }

        if (files.Count == 0) return null;
        var of = release ?? "the base images";
        return new UpdateDraft($"{release ?? "base"}/{LockSubject.DirectoryName}", $"Locks of {of}", files, latest)
        {
            What = $"What the images of {of} are made of, as `Lock` has found it: {files.Count} "
                + $"{(files.Count == 1 ? "lock differs" : "locks differ")}, {moved} inputs moved.",
            Details = text,
        };
    }

    /// <summary>Those of the bases are beside the releases.</summary>
    string? ReleaseOf(AbsolutePath file) => file.Parent!.Parent! == written ? null : file.Parent!.Parent!.Name;

    static string Table(LockDifference difference)
    {
        var rows = difference.Changes.OrderByDescending(x => x.Matters).ThenBy(x => x.Kind).ToList();
        var table = new TextTable(["input", "why"],
            [.. rows.Take(MostInputs).Select(x => (string[])[x.Text, LockReasons.Of(x, difference)])]).Markdown;
        return rows.Count > MostInputs ? $"{table}\nand {rows.Count - MostInputs} more\n" : table;
    }
}
