using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>Patches that an editor or a shell has saved as something else than the bytes that git wrote.</summary>
static class PatchEncoding
{
    const string AsGit = "the bytes that git writes";

    static readonly byte[] s_utf8 = [0xEF, 0xBB, 0xBF];

    /// <summary>What is wrong with the bytes of a patch; null where nothing is.</summary>
    public static Problem? Check(ReadOnlySpan<byte> patch, string label)
    {
        if (NameOf(patch) is { } name)
        {
            return new Problem($"The patch is encoded as {name}", label, 1, Expected: AsGit,
                Remedy: "Write it anew with 'git format-patch -o' or 'git diff --output': PowerShell's '>' makes "
                    + "another encoding of it");
        }

        return LineOfMark(patch) is { } line
            ? new Problem("There is a byte order mark before a line of the patch: git takes that line for text",
                label, line, Expected: AsGit, Remedy: "Save the file as UTF-8 without byte order mark")
            : null;
    }

    /// <summary>The Unicode Standard, section 23.8; without a mark, by the zeros beside what is ASCII.</summary>
    static string? NameOf(ReadOnlySpan<byte> patch) => patch switch
    {
        [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => "UTF-32",
        [not 0, 0, 0, 0, not 0, 0, 0, 0, ..] or [0, 0, 0, not 0, 0, 0, 0, not 0, ..] => "UTF-32",
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [not 0, 0, not 0, 0, ..] or [0, not 0, 0, not 0, ..] => "UTF-16",
        _ => null,
    };

    /// <summary>
    /// Lines that hunks are made of do not begin with one, so it is one of a header, or before a mail.
    /// </summary>
    static int? LineOfMark(ReadOnlySpan<byte> patch)
    {
        for (var line = 1; patch.Length > 0; line++)
        {
            if (patch.StartsWith(s_utf8)) return line;
            var end = patch.IndexOf((byte)'\n');
            if (end < 0) return null;
            patch = patch[(end + 1)..];
        }

        return null;
    }
}
