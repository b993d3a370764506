using Nuke.Common;
using OpenStack.Diagnostics;
using OpenStack.Outcomes;

namespace OpenStack.Pipeline;

/// <summary>What a run does when one of several images fails.</summary>
interface IHazOutcome : IHazRun
{
    [Parameter("Goes on with the other images where one fails; those that are made of what failed are skipped")]
    bool KeepGoing => TryGetValue<bool?>(() => KeepGoing) ?? false;

    [Parameter("How long one image may take in one target, as in '90s', '30m' or '1h30m', before it counts as failed")]
    string? Timeout => TryGetValue(() => Timeout);

    /// <summary>The same; null where there is none.</summary>
    /// <exception cref="ProblemException">The parameter says no duration.</exception>
    TimeLimit? Limit => Timeout is { } text ? TimeLimit.Parse(text, "--timeout") : null;
}
