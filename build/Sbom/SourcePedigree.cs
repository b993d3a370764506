using System.Text;
using CycloneDX.Models;
using OpenStack.Sources;

namespace OpenStack.Sbom;

/// <summary>
/// Where a component that was built from source comes from: the upstream commit, and the patches that make the
/// difference.
/// </summary>
static class SourcePedigree
{
    static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    public static Pedigree Of(BuiltSource built)
    {
        var source = built.Tree.Source;
        return new Pedigree
        {
            Ancestors = built.Tree.Patches.Count == 0 ? null :
            [
                new Component
                {
                    Type = built.IsService ? Component.Classification.Application : Component.Classification.Library,
                    Name = source.Distribution,
                    Version = source.Version,
                    Purl = built.PurlOf(source.Version, isThat: true),
                },
            ],
            Commits = built.Ref.Kind == RefKind.Local ? null :
                [new Commit
                {
                    Uid = built.Ref.Commit,
                    Url = CommitUrl(built.Ref),
                    Committer = new IdentifiableAction { Timestamp = source.CommittedAt.UtcDateTime },
                }],
            Patches = built.Tree.Patches.Count == 0
                ? null
                : [.. built.Tree.Patches.Select(x => PatchOf(x, built.TextOf(x)))],
            Notes = built.Ref.Local is { } local
                ? $"Built from a local tree, {local.Content}, "
                    + $"{(local.IsDirty ? "which differs from" : "which is that of")} commit {built.Ref.Commit}"
                : null,
        };
    }

    /// <summary>
    /// How far a patch is upstream's own: <c>cherry-pick</c> where its message names the commit that it was picked
    /// from, <c>backport</c> where its status says so (<c>Upstream-Status: Backport</c>), else <c>unofficial</c>.
    /// </summary>
    public static Patch.PatchClassification TypeOf(PatchHeader header) =>
        header.CherryPickedFrom.Count > 0 ? Patch.PatchClassification.Cherry_Pick
        : header.UpstreamStatus?.StartsWith("backport", StringComparison.OrdinalIgnoreCase) == true
            ? Patch.PatchClassification.Backport
        : Patch.PatchClassification.Unofficial;

    /// <summary>Where a vulnerability is described.</summary>
    public static Source SourceOf(string vulnerability) => vulnerability.StartsWith("OSSA-", StringComparison.Ordinal)
        ? new Source
        {
            Name = "OpenStack Security Advisories",
            Url = $"https://security.openstack.org/ossa/{vulnerability}.html",
        }
        : new Source { Name = "CVE", Url = $"https://www.cve.org/CVERecord?id={vulnerability}" };

    static Patch PatchOf(AppliedPatch patch, byte[]? text) => new()
    {
        Type = TypeOf(patch.Header),
        Diff = text is null ? null : new Diff { Text = TextOf(text) },
        Resolves = IssuesOf(patch) is { Count: > 0 } issues ? issues : null,
    };

    /// <summary>Vulnerabilities first. What is only related is not resolved.</summary>
    static List<Issue> IssuesOf(AppliedPatch patch) =>
    [
        .. patch.Header.Vulnerabilities.Select(x => new Issue
        {
            Type = Issue.IssueClassification.Security,
            Id = x,
            Description = SubjectOf(patch),
            Source = SourceOf(x),
        }),
        .. patch.Header.Bugs.Where(x => x.Relation != BugRelation.Related).Select(x => new Issue
        {
            Type = Issue.IssueClassification.Defect,
            Id = $"{x.Number}",
            Description = SubjectOf(patch),
            Source = new Source { Name = "Launchpad", Url = $"https://bugs.launchpad.net/bugs/{x.Number}" },
        }),
    ];

    /// <summary>What a patch says that it does, or its name.</summary>
    public static string SubjectOf(AppliedPatch patch) =>
        patch.Header.Subject.Length > 0 ? patch.Header.Subject : patch.Name;

    static AttachedText TextOf(byte[] text)
    {
        try
        {
            return new AttachedText { ContentType = "text/x-patch", Content = s_strict.GetString(text) };
        }
        catch (DecoderFallbackException)
        {
            return new AttachedText
            {
                ContentType = "text/x-patch",
                Encoding = "base64",
                Content = Convert.ToBase64String(text),
            };
        }
    }

    /// <summary>As Gitea, which opendev.org is, and GitHub have it; null for what is no web page.</summary>
    static string? CommitUrl(ResolvedRef source) =>
        BomParts.Url($"{RemoteUrl.WithoutSuffix(source.Remote)}/commit/{source.Commit}");
}
