using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>
/// The mark of a directory whose content can be made again (https://bford.info/cachedir/): backups skip it, and the
/// laboratory deletes no directory without it, whatever a user gave as its place.
/// </summary>
static class CacheTag
{
    const string Signature = "Signature: 8a477f597d28d172789f06886806bc55";

    /// <summary>Marks <paramref name="layout"/>'s directory as the laboratory's own.</summary>
    /// <exception cref="ProblemException">It holds somebody else's files.</exception>
    public static void Require(LabLayout layout)
    {
        if (IsMarked(layout)) return;
        if (Directory.Exists(layout.Directory) && Directory.EnumerateFileSystemEntries(layout.Directory).Any())
        {
            throw new ProblemException($"'{layout.Directory}' holds files that are not the laboratory's",
                "Name an empty or a new directory for the laboratory");
        }

        AtomicFile.WriteText(layout.TagFile,
            $"{Signature}\n# The offline laboratory of the image build; made by --profile lab, removed by LabClean.\n");
    }

    public static bool IsMarked(LabLayout layout) =>
        File.Exists(layout.TagFile) && File.ReadAllText(layout.TagFile).StartsWith(Signature, StringComparison.Ordinal);
}
