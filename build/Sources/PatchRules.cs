using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>
/// What is wrong with a patch whatever the source is: what git cannot read, or would do and nobody wants.
/// </summary>
static class PatchRules
{
    const string MadeByGit = "the output of 'git format-patch' or 'git diff'";

    /// <param name="label">The patch as messages name it.</param>
    /// <param name="isAlone">Whether it is all of its file.</param>
    public static IReadOnlyList<Problem> Check(PatchText patch, string label, bool isAlone = true)
    {
        if (patch.Lines.All(string.IsNullOrWhiteSpace))
            return [new Problem("The patch is empty", label,
                Remedy: "Delete it, or write it anew with 'git format-patch'")];
        if (Encoding(patch) is { } encoding)
        {
            return [new Problem($"The patch is encoded as {encoding.Name}", label, encoding.Line,
                Expected: "8bit, as git writes it",
                Remedy: "Apply the mail with 'git am' and write the patch anew with 'git format-patch'")];
        }

        if (patch.Files.Count + patch.Skipped.Count == 0) return [NoPatch(patch, label, isAlone)];
        if (patch.FirstHeader >= 0 && patch.Lines[patch.FirstHeader].EndsWith('\r'))
        {
            return [new Problem("The patch has CRLF line ends", label, patch.LineOf(patch.FirstHeader),
                Expected: "LF, as git writes it",
                Remedy: "Convert it with 'dos2unix', and let .gitattributes say '*.patch -text'")];
        }

        const string Remedy =
            "Write the patch anew, with --binary where it has binary files; of a merge, against one of its parents";
        var skipped = patch.Skipped.Select(x => new Problem(
            $"git would leave a part of the patch out: {x.What}", label, x.Line, Expected: MadeByGit, Remedy: Remedy));
        return [.. patch.Files.Select(x => Check(x, label)).OfType<Problem>().Concat(skipped).OrderBy(x => x.Line)];
    }

    static Problem NoPatch(PatchText patch, string label, bool isAlone)
    {
        if (!isAlone)
            return new Problem("The mail has no patch in it", label, patch.LineOf(0),
                Expected: "a patch in each mail of the file", Remedy: "Take the mail out");
        var form = ForeignForm.Of(patch.Text);
        return new Problem("The file is no patch" + (form is null ? "" : $": it is {form.What}"), label,
            Expected: MadeByGit, Remedy: form?.Remedy);
    }

    static Problem? Check(PatchedFile file, string label)
    {
        if (file.UnreadableName is { } name)
        {
            return new Problem($"The patch has a file whose name is not UTF-8: {name}", label, file.Line,
                Expected: "names in UTF-8", Remedy: "Give the file another name");
        }

        if (file.IsSubmodule)
        {
            return new Problem($"The patch changes the commit of a submodule, {file.Name}", label, file.Line,
                Expected: "changes of files", Remedy: "Take it out: a source tree is without its submodules");
        }

        if (file.Mode is { } mode && !IsOfFile(mode))
        {
            return new Problem($"The patch gives {file.Name} the mode {mode}, which is none of a file", label,
                file.Line,
                Expected: "100644, 100755 or 120000", Remedy: "Write the patch anew with 'git format-patch'");
        }

        if (!file.HasPrefix)
        {
            return new Problem($"The paths of {file.Name} have nothing before them that stands for before and after",
                label, file.Line, Expected: "a/ and b/, as git writes them",
                Remedy: "Write the patch anew with 'git -c diff.noprefix=false format-patch'");
        }

        if (file.Hunks.FirstOrDefault(x => !x.IsWhole) is { } cut)
        {
            return new Problem($"Hunk {cut.Number} of {file.Name} has more or fewer lines than its header says", label,
                cut.Line, Expected: MadeByGit, Remedy: "Write the patch anew: it was cut off, or edited by hand");
        }

        if (file.LacksContents)
        {
            return new Problem($"The patch says that the contents of {file.Name} change, and not how", label, file.Line,
                Expected: MadeByGit, Remedy: "Write the patch anew, with --binary and without --irreversible-delete");
        }

        return !file.ChangesNothing ? null
            : new Problem($"The patch has a header for {file.Name} and no change below it", label, file.Line,
            Expected: MadeByGit, Remedy: "Write the patch anew, or take the header out");
    }

    /// <summary>Files and links; of permissions git keeps one bit.</summary>
    static bool IsOfFile(string mode) =>
        mode.Length == 6 && (mode.StartsWith("100", StringComparison.Ordinal) || mode == "120000");

    /// <summary>
    /// The transfer encoding of a mail, in which lines are other lines: git would apply them as they stand.
    /// </summary>
    static (string Name, int Line)? Encoding(PatchText patch)
    {
        const string Field = "Content-Transfer-Encoding:";
        var end = patch.FirstHeader < 0 ? patch.Lines.Count : patch.FirstHeader;
        for (var i = 0; i < end; i++)
        {
            if (!patch.Lines[i].StartsWith(Field, StringComparison.OrdinalIgnoreCase)) continue;
            var name = patch.Lines[i][Field.Length..].Trim().ToLowerInvariant();
            if (name is "quoted-printable" or "base64") return (name, patch.LineOf(i));
        }

        return null;
    }
}
