using System.Globalization;
using System.Text.RegularExpressions;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>A commit of a component.</summary>
public sealed record UpstreamChange(string Commit, string Subject, DateTimeOffset CommittedAt)
{
    /// <summary>CVE and OSSA ids that its message names.</summary>
    public IReadOnlyList<string> Vulnerabilities { get; init; } = [];

    /// <summary>Numbers of bugs on Launchpad that it closes.</summary>
    public IReadOnlyList<long> Bugs { get; init; } = [];
}

/// <summary>What changes between two commits of a component.</summary>
/// <param name="Commits">Newest first, without merges.</param>
/// <param name="Vulnerabilities">CVE and OSSA ids that their messages name, sorted.</param>
/// <param name="Bugs">Numbers of bugs on Launchpad that they close, sorted.</param>
public sealed partial record UpstreamChanges(IReadOnlyList<UpstreamChange> Commits,
    IReadOnlyList<string> Vulnerabilities, IReadOnlyList<long> Bugs)
{
    const char EndOfField = '\u001f';
    const char EndOfCommit = '\u001e';

    /// <param name="mirror">Has both commits.</param>
    /// <exception cref="ProblemException">It does not.</exception>
    public static async Task<UpstreamChanges> ReadAsync(Mirror mirror, string from, string to,
        CancellationToken cancellation = default)
    {
        var log = await mirror.Offline
            .Command("log", "--no-merges", "--format=%H%x1f%ct%x1f%s%x1f%b%x1e", $"{from}..{to}")
            .RequireAsync(cancellation);
        var commits = new List<UpstreamChange>();
        foreach (var text in log.Output.Split(EndOfCommit))
        {
            if (text.TrimStart('\n').Split(EndOfField, 4) is not [var id, var seconds, var subject, var body]) continue;
            var header = PatchHeader.Parse($"Subject: {subject}\n\n{LooksLikeDiff().Replace(body, " ")}");
            commits.Add(new UpstreamChange(id, subject,
                DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture)))
            {
                Vulnerabilities = header.Vulnerabilities,
                Bugs = [.. header.Bugs.Where(x => x.Relation == BugRelation.Closes).Select(x => x.Number)],
            });
        }

        return new UpstreamChanges(
            commits,
            [.. commits.SelectMany(x => x.Vulnerabilities)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)],
            [.. commits.SelectMany(x => x.Bugs).Distinct().Order()]);
    }

    /// <summary>Begins lines at which the message of a patch would end.</summary>
    [GeneratedRegex("^(?=---|diff |Index: )", RegexOptions.Multiline)]
    private static partial Regex LooksLikeDiff();
}
