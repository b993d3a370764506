using Nuke.Common;

namespace OpenStack.Pipeline.Selection;

/// <summary>Two things that are compared.</summary>
interface IHazTo : IHazFrom, IHazCatalog
{
    [Parameter("SbomDiff, ReleaseNotes: an image (OCI layout, or reference in a registry), an SBOM (.cdx.json), or a "
        + "directory of SBOMs that --from is compared with; ReleaseNotes: also a tag or digest of --service")]
    string? To => TryGetValue(() => To);

    /// <summary>Whether images are named one by one, and not selected.</summary>
    bool NamesImages => From is not null || To is not null || Service.Length == 0;

    /// <summary>Both of them.</summary>
    /// <exception cref="Diagnostics.ProblemException">One is missing.</exception>
    (string From, string To) Compared
    {
        get
        {
            (string? Value, string Name)[] given = [(From, "--from"), (To, "--to")];
            Diagnostics.ProblemException.ThrowIfAny([.. given.Where(x => x.Value is null)
                .Select(x => new Diagnostics.Problem($"{x.Name} is missing",
                    Expected: "an image as OCI layout, or its SBOM"))]);
            return (From!, To!);
        }
    }
}
