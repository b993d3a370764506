using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>One change of a series: a patch file, or one of the mails in it.</summary>
/// <param name="Source">The file of the series.</param>
/// <param name="Number">Among the mails of the file, from 1; null where it is the only one.</param>
/// <param name="Line">Line of the file on which it begins, from 1; 0 where it is all of the file.</param>
/// <param name="Digest">Of the file, as <c>sha256:…</c>.</param>
/// <param name="File">What git is to apply: the file, or one with this mail alone.</param>
/// <param name="Problems">What is wrong with it whatever the source is.</param>
sealed record PatchMail(
    AbsolutePath Source,
    int? Number,
    int Line,
    string Digest,
    AbsolutePath File,
    PatchText Text,
    PatchHeader Header,
    IReadOnlyList<Problem> Problems)
{
    /// <summary>Name of the file in the series.</summary>
    public string Name => Source.Name;
}
