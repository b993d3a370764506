using Nuke.Common;

namespace OpenStack.Pipeline.Selection;

/// <summary>Whether a run takes what is written down, and nothing else.</summary>
interface IHazHermetic : IHazRecords
{
    [Parameter("Builds from what the locks name and the store has, and from nothing else: without a network")]
    bool Hermetic => TryGetValue<bool?>(() => Hermetic) ?? false;
}
