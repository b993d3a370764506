using OpenStack.Diagnostics;

namespace OpenStack.Updates;

/// <summary>
/// Collects findings. What cannot be looked up is a finding, too, and a problem; it does not hide the others.
/// </summary>
public sealed class Survey
{
    readonly List<Finding> _findings = [];
    readonly List<Problem> _problems = [];

    /// <summary>By subject, release and name.</summary>
    public OutdatedReport Report => new([.. _findings
        .OrderBy(x => x.Subject)
        .ThenBy(x => x.Release, StringComparer.Ordinal)
        .ThenBy(x => x.Name, StringComparer.Ordinal)
        .ThenBy(x => x.Current, StringComparer.Ordinal)]);

    /// <summary>What could not be compared, each with the reason.</summary>
    public IReadOnlyList<Finding> Unknown => [.. Report.Findings.Where(x => x.State == FindingState.Unknown)];

    public IReadOnlyList<Problem> Problems => [.. _problems.Distinct()];

    public void Add(IEnumerable<Finding> findings, IEnumerable<Problem> problems)
    {
        lock (_findings)
        {
            _findings.AddRange(findings);
            _problems.AddRange(problems);
        }
    }

    /// <summary>Looks something up.</summary>
    /// <param name="pinned">What is known of it before; becomes the finding where that fails.</param>
    /// <returns>The finding.</returns>
    public async Task<Finding> LookUpAsync(Finding pinned, Func<Task<Finding>> find)
    {
        try
        {
            var found = await find();
            Add([found], []);
            return found;
        }
        catch (ProblemException e)
        {
            var unknown = pinned with { State = FindingState.Unknown, Detail = e.Problems[0].Found };
            Add([unknown],
                e.Problems.Select(x => x.File is null ? x with { File = pinned.File, Line = pinned.Line } : x));
            return unknown;
        }
    }
}
