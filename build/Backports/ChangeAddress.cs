using System.Globalization;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Backports;

/// <summary>How a user says which changes are meant; nobody is asked yet whether they are there.</summary>
abstract partial record ChangeAddress
{
    /// <param name="text">A commit, Change-Id, branch, tag, other ref, range, address or file.</param>
    /// <param name="directory">What files are relative to.</param>
    /// <exception cref="ProblemException">It is none of these.</exception>
    public static ChangeAddress Parse(string text, AbsolutePath directory)
    {
        if (text.Contains("://", StringComparison.Ordinal)) return OfWeb(text);
        if (ChangeIdPattern().IsMatch(text)) return new ChangeId(text);
        AbsolutePath file = Path.GetFullPath(text, directory);
        if (File.Exists(file)) return new Mails(file);
        if (Directory.Exists(file) && text.Contains('/'))
            throw new ProblemException($"--from names {text}, which is a directory", "Name a file of mails");
        if (text.Split("..") is [var after, var last] && !last.StartsWith('.'))
        {
            string[] ends = [after, last];
            ProblemException.ThrowIfAny([.. ends.Select(x => Names.Ref.Check(x, "--from")).OfType<Problem>()]);
            return new CommitRange(after, last);
        }

        if (PullRequestRef().Match(text) is { Success: true } pull) return new PullRequest(null, null, Number(pull));
        if (Names.Ref.Check(text, "--from") is { } wrong)
            throw new ProblemException(wrong with
            {
                Expected = "a commit, a Change-Id, a range a..b, a branch, a tag, "
                + "the full name of a ref, the address of a change, or a file of mails that is there"
            });
        return new Revision(text);
    }

    static ChangeAddress OfWeb(string text)
    {
        // What is shown of it does not matter.
        var address = text.Split('?')[0];
        if (Review().Match(address) is { Success: true } review)
        {
            var project = review.Groups["project"].Value;
            var number = review.Groups["set"];
            return new ReviewedChange(review.Groups["host"].Value, project.Length > 0 ? project : null, Number(review),
                number.Success ? int.Parse(number.Value, CultureInfo.InvariantCulture) : null);
        }

        if (OfRepository().Match(address) is not { Success: true } match)
            throw new ProblemException(new Problem($"'{text}' is no address of a change", "--from",
                Expected: "https://review.opendev.org/c/openstack/nova/+/901234, https://github.com/openstack/nova/"
                    + "commit/<id> or https://github.com/openstack/nova/pull/7"));
        var (url, name) = (match.Groups["url"].Value, match.Groups["name"].Value);
        return match.Groups["commit"] is { Success: true } commit
            ? new RemoteCommit(url, name, commit.Value.ToLowerInvariant())
            : new PullRequest(url, name, Number(match));
    }

    static int Number(Match match) => int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);

    /// <summary>Gerrit's, of today and of earlier.</summary>
    [GeneratedRegex(@"^(?<host>https?://[^/]+)/(#/)?(c/)?((?<project>[^+#]+?)/\+/)?(?<number>[0-9]{1,9})"
        + "(/(?<set>[0-9]{1,6})(/.*)?)?/?$")]
    private static partial Regex Review();

    /// <summary>GitHub's, and those of what is like it.</summary>
    [GeneratedRegex(@"^(?<url>[a-z+]+://[^/]+(/[^/]+)*?/(?<name>[^/]+?))(\.git)?/"
        + "(commit/(?<commit>[0-9A-Fa-f]{7,64})(\\.patch|\\.diff)?"
        + "|pulls?/(?<number>[0-9]{1,9})(/(commits/(?<commit>[0-9A-Fa-f]{7,64})|commits|files|changes))?)/?(#.*)?$")]
    private static partial Regex OfRepository();

    [GeneratedRegex("^refs/pull/(?<number>[0-9]{1,9})/head$")]
    private static partial Regex PullRequestRef();

    [GeneratedRegex("^I[0-9a-f]{7,40}$")]
    private static partial Regex ChangeIdPattern();
}

/// <summary>Gerrit's id of a change, or its beginning.</summary>
sealed record ChangeId(string Id) : ChangeAddress;

/// <summary>The commits that one ref has and another has not.</summary>
sealed record CommitRange(string After, string Last) : ChangeAddress;

/// <summary>A change of a Gerrit.</summary>
/// <param name="Host">Its address.</param>
/// <param name="Project">As in <c>openstack/nova</c>; null where the address does not say.</param>
/// <param name="PatchSet">Null for the newest.</param>
sealed record ReviewedChange(string Host, string? Project, int Number, int? PatchSet) : ChangeAddress;

/// <summary>The commits of a pull request.</summary>
/// <param name="Url">Of its repository; null for that of the component.</param>
sealed record PullRequest(string? Url, string? Project, int Number) : ChangeAddress;

/// <summary>A commit of a repository on the web.</summary>
sealed record RemoteCommit(string Url, string Project, string Commit) : ChangeAddress;

/// <summary>A file of one mail or several.</summary>
sealed record Mails(AbsolutePath File) : ChangeAddress;

/// <summary>A commit, a tag, or the tip of a branch or of another ref.</summary>
sealed record Revision(string Name) : ChangeAddress;
