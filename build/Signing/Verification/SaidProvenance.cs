using System.Text.Json;
using OpenStack.Diagnostics;

namespace OpenStack.Signing;

/// <summary>What is said of where an image comes from, by whom it has to be said.</summary>
/// <param name="Provenances">That of this build; several where the image was built again and came out the same.</param>
/// <param name="Unreadable">What the same signer says in another way: tools have buildTypes of their own.</param>
/// <param name="IsKnown">Whether that is all; otherwise part of what is attached could not be read.</param>
sealed record SaidProvenance(IReadOnlyList<Provenance> Provenances, IReadOnlyList<Problem> Unreadable, bool IsKnown)
{
    /// <param name="pinned">Repository and digest, for messages.</param>
    /// <param name="statements">Those that are signed.</param>
    /// <param name="isKnown">Whether they are all that there are.</param>
    public static SaidProvenance Of(string pinned, IReadOnlyList<InTotoStatement> statements, bool isKnown)
    {
        var (provenances, unreadable) = (new List<Provenance>(), new List<Problem>());
        foreach (var statement in statements)
        {
            try
            {
                provenances.Add(Provenance.Read(statement.Predicate));
            }
            catch (JsonException e)
            {
                unreadable.Add(
                    new Problem($"{pinned}: its provenance is not one of this build: {e.Message}",
                    Remedy: "Verify it with the version of this repository that built it"));
            }
        }

        return new SaidProvenance(provenances, unreadable, isKnown);
    }
}
