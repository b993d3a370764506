using Nuke.Common;
using OpenStack.Updates;

namespace OpenStack.Pipeline.Upkeep;

/// <summary>For targets that compare what is here with what is elsewhere.</summary>
interface IHazFailWhen : INukeBuild
{
    [Parameter("What Outdated ('outdated', 'eol'), Stale ('stale', 'unknown') and WhoHas ('found', 'lacking', "
        + "'unknown') fail on, or 'none' - Default is 'none'; what Outdated could not look up always fails it")]
    OutdatedPolicy[] FailWhen => TryGetValue(() => FailWhen) ?? [OutdatedPolicy.None];
}
