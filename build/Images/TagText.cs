using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>
/// Text as part of a tag: <c>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}</c> of the OCI distribution specification. Two texts
/// never become one, but for <c>/</c> and <c>-</c> in the names of branches, where everybody expects
/// <c>stable-2025.2</c>.
/// </summary>
static class TagText
{
    /// <summary>The most characters that a tag has.</summary>
    public const int Limit = 128;

    /// <summary>Length of the digest that stands for what is left out.</summary>
    const int DigestLength = 8;

    /// <summary>
    /// A version of PEP 440. A normal one has no <c>_</c>, so that takes the place of <c>+</c>: <c>14.9.0+p1</c> is
    /// <c>14.9.0_p1</c> and cannot be taken for <c>14.9.0-p1</c>.
    /// </summary>
    public static string OfVersion(string version) =>
        Legal(version.Replace('+', '_'), version, hasDigest: version.Contains('_'));

    /// <summary>A branch: <c>stable/2025.2</c> is <c>stable-2025.2</c>.</summary>
    public static string OfBranch(string branch) => Legal(branch.Replace('/', '-'), branch, hasDigest: false);

    /// <summary>The text, or its beginning and a digest of the whole where it is longer than that.</summary>
    /// <param name="limit">Room enough for a digest and a character before it.</param>
    public static string Shorten(string text, int limit) =>
        text.Length <= limit ? text : WithDigest(text[..(limit - DigestLength - 1)], text);

    static string Legal(string text, string original, bool hasDigest)
    {
        var legal = string.Concat(text.Select(x => char.IsAsciiLetterOrDigit(x) || x is '.' or '_' or '-' ? x : '_'));
        if (legal.Length == 0 || legal[0] is '.' or '-') legal = "_" + legal;
        return hasDigest || legal != text ? WithDigest(legal, original) : legal;
    }

    static string WithDigest(string text, string original) =>
        $"{text}-{Digest.OfText(original)["sha256:".Length..][..DigestLength]}";
}
