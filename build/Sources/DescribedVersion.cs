using System.Text.RegularExpressions;
using LibGit2Sharp;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// The version of what is no Python distribution: that of its tag, and after it what <c>git describe</c> says,
/// <c>3.5.0-12-g1b27d289f2aa</c>.
/// </summary>
static partial class DescribedVersion
{
    /// <summary>As many as no repository of ours needs more of, so that a version is the same everywhere.</summary>
    const int Digits = 12;

    /// <summary>A commit that no tag leads to is told by its id alone.</summary>
    public static string Of(ResolvedRef source, IRepository repository, Commit commit)
    {
        if (source.Kind == RefKind.Tag) return Plain(RefLock.TagOf(source.Ref));
        var text = repository.Describe(commit, new DescribeOptions
        {
            Strategy = DescribeStrategy.Tags,
            MinimumCommitIdAbbreviatedSize = Digits,
            UseCommitIdAsFallback = true,
        });
        return Plain(text) + (source.Local is { IsDirty: true } ? "-dirty" : "");
    }

    /// <summary>What a tree without a repository says of itself, as autoconf has it; null where it does not.</summary>
    public static string? InTree(AbsolutePath directory)
    {
        var file = directory / "configure.ac";
        return File.Exists(file) && AcInit().Match(Utf8File.Read(file, file)) is { Success: true } found
            ? found.Groups["version"].Value : null;
    }

    /// <summary>Without what tags have before a version, <c>v3.5.0</c>, <c>release/1.2</c>.</summary>
    static string Plain(string tag) => TagPrefix().Match(tag) is { Success: true } found ? tag[found.Length..] : tag;

    [GeneratedRegex(@"^(?:[A-Za-z_.-]*/)*[vV]?(?=[0-9]+\.)|^(?:[A-Za-z_.]+[-/])+[vV]?(?=[0-9]+\.)")]
    private static partial Regex TagPrefix();

    [GeneratedRegex(@"^\s*AC_INIT\(\s*\[?[^],)]+\]?\s*,\s*\[?(?<version>[0-9][^],)\s]*)\]?", RegexOptions.Multiline)]
    private static partial Regex AcInit();
}
