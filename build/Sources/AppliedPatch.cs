using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace OpenStack.Sources;

/// <summary>A patch that is part of a sealed tree: a file, or one of the mails in it.</summary>
/// <param name="Name">File name.</param>
/// <param name="Digest">Of the file, as <c>sha256:…</c>.</param>
/// <param name="Offsets">Hunks that git found at other lines than the patch says; none when it applies exactly.</param>
/// <param name="Header">Who changed what, and why.</param>
/// <param name="Mail">Number of the mail in the file, from 1; null where it is the only one.</param>
public sealed record AppliedPatch(
    string Name, string Digest, IReadOnlyList<HunkOffset> Offsets, PatchHeader Header, int? Mail = null)
{
    /// <summary>The name, with the number of the mail where there are several.</summary>
    [JsonIgnore]
    public string Title => TitleOf(Name, Mail);

    internal static string TitleOf(string name, int? mail) =>
        mail is null ? name : string.Create(CultureInfo.InvariantCulture, $"{name} ({mail})");

    /// <summary>The patch itself.</summary>
    /// <param name="file">Contents of the file.</param>
    public byte[] TextIn(byte[] file) => Mail is not { } number
        ? file
        : Encoding.Latin1.GetBytes(MailBox.Split(Encoding.Latin1.GetString(file))[number - 1].Text);
}

/// <param name="File">File in the source tree.</param>
/// <param name="Hunk">Number of the hunk among those of the file, from 1.</param>
/// <param name="Lines">How many lines further down (negative: up) it was found.</param>
public sealed record HunkOffset(string File, int Hunk, int Lines);
