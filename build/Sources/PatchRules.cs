using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>What is wrong with a patch whatever the source is: what git cannot read, or would do and nobody wants.</summary>
static class PatchRules
{
    const string MadeByGit = "the output of 'git format-patch' or 'git diff'";

    /// <param name="label">The patch as messages name it.</param>
    public static IReadOnlyList<Problem> Check(PatchText patch, string label)
    {
        if (patch.Lines.All(string.IsNullOrWhiteSpace)) return [new Problem("The patch is empty", label, Remedy: "Delete it, or write it anew with 'git format-patch'")];
        if (patch.Files.Count == 0) return [new Problem("The file is no patch", label, Expected: MadeByGit)];
        if (patch.Lines[patch.FirstHeader].EndsWith('\r'))
        {
            return [new Problem("The patch has CRLF line ends", label, patch.FirstHeader + 1, Expected: "LF, as git writes it",
                Remedy: "Convert it with 'dos2unix', and let .gitattributes say '*.patch -text'")];
        }

        if (Encoding(patch) is { } encoding)
        {
            return [new Problem($"The patch is encoded as {encoding.Name}", label, encoding.Line, Expected: "8bit, as git writes it",
                Remedy: "Apply the mail with 'git am' and write the patch anew with 'git format-patch'")];
        }

        return [.. patch.Files.Select(x => Check(x, label)).OfType<Problem>()];
    }

    static Problem? Check(PatchedFile file, string label)
    {
        if (!file.HasPrefix)
        {
            return new Problem($"The paths of {file.Name} have nothing before them that stands for before and after", label, file.Line, Expected: "a/ and b/, as git writes them",
                Remedy: "Write the patch anew with 'git -c diff.noprefix=false format-patch'");
        }

        if (file.Hunks.FirstOrDefault(x => !x.IsWhole) is { } cut)
        {
            return new Problem($"Hunk {cut.Number} of {file.Name} has more or fewer lines than its header says", label, cut.Line,
                Expected: MadeByGit, Remedy: "Write the patch anew: it was cut off, or edited by hand");
        }

        if (!file.IsSymbolicLink || file.NewName is null || file.Hunks.Count == 0) return null;
        var target = PatchText.Utf8(string.Concat(file.Hunks.SelectMany(x => x.New)).TrimEnd('\n'));
        return PatchPath.StaysInTree(file.NewName, target) ? null : new Problem(
            $"The patch makes {file.NewName} a link to '{target}', which is not in the source tree", label, file.Line, Expected: "a relative path within the tree");
    }

    /// <summary>The transfer encoding of a mail, in which lines are other lines: git would apply them as they stand.</summary>
    static (string Name, int Line)? Encoding(PatchText patch)
    {
        const string Field = "Content-Transfer-Encoding:";
        for (var i = 0; i < patch.FirstHeader; i++)
        {
            if (!patch.Lines[i].StartsWith(Field, StringComparison.OrdinalIgnoreCase)) continue;
            var name = patch.Lines[i][Field.Length..].Trim().ToLowerInvariant();
            if (name is "quoted-printable" or "base64") return (name, i + 1);
        }

        return null;
    }
}
