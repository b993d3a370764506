using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>
/// The hash of a repository's object ids (gitformat-hash-function-transition). Versions are read from histories by
/// LibGit2Sharp, which knows SHA-1 alone.
/// </summary>
static class ObjectFormat
{
    const int Sha256Length = 64;

    /// <summary>What git says of a remote whose ids are of another length than those of the mirror.</summary>
    public const string Mismatch = "mismatched algorithms";

    /// <summary>Whether ids are those of a repository that cannot be read.</summary>
    public static bool IsForeign(IEnumerable<string> ids) => ids.FirstOrDefault()?.Length == Sha256Length;

    /// <param name="where">The repository.</param>
    public static Problem Describe(string component, string where) => new(
        $"{component}: {where} is a repository with object ids of SHA-256, which this build does not read",
        Expected: "one with SHA-1, as git makes it by default",
        Remedy: "Give a copy with SHA-1: git init, git fast-export, git fast-import");
}
