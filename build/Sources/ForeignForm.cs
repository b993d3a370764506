using System.Text;

namespace OpenStack.Sources;

/// <summary>What a file is that should be a patch, by how it begins.</summary>
/// <param name="What">A part of a sentence.</param>
sealed record ForeignForm(string What, string Remedy)
{
    const string Unpack = "Unpack it";
    const string PlainDownload = "Save the patch as the plain text that it is";

    static readonly (string Start, ForeignForm Form)[] s_forms =
    [
        ("\u001f\u008b", new("compressed with gzip", Unpack)),
        ("\u00fd7zXZ", new("compressed with xz", Unpack)),
        ("BZh", new("compressed with bzip2", Unpack)),
        ("\u0028\u00b5\u002f\u00fd", new("compressed with zstd", Unpack)),
        ("PK\u0003\u0004", new("a zip archive", Unpack)),
        ("<", new("a page of HTML", PlainDownload + ", not the page that shows it, nor one to sign in")),
        ("{", new("JSON", PlainDownload)),
        (")]}'", new("JSON, as Gerrit's API gives", PlainDownload)),
        ("\u001b[", new("coloured for a terminal", "Write it anew with 'git diff --no-color'")),
    ];

    /// <summary>Null where it is nothing that is known.</summary>
    /// <param name="text">Bytes, one a character.</param>
    public static ForeignForm? Of(string text)
    {
        var start = text.TrimStart();
        if (s_forms.FirstOrDefault(x => start.StartsWith(x.Start, StringComparison.Ordinal)).Form is { } form)
            return form;
        return IsPatchInBase64(start)
            ? new("encoded as base64, as Gerrit and Gitiles give it", "Decode it with 'base64 -d'")
            : null;
    }

    static bool IsPatchInBase64(string text)
    {
        var digits = string.Concat(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var bytes = new byte[digits.Length];
        return digits.Length > 0 && Convert.TryFromBase64String(digits, bytes, out var length)
            && PatchText.Parse(Encoding.Latin1.GetString(bytes, 0, length)).Files.Count > 0;
    }
}
