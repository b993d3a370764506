using OpenStack.Oci;

namespace OpenStack.Updates;

/// <summary>Whether a published image is what would come of building it now.</summary>
/// <param name="Image">Name of the service, or <c>python-base</c>.</param>
/// <param name="Release">The OpenStack release; null of an image that is of none.</param>
/// <param name="Because">Why it is not; empty where it is, as far as is known.</param>
/// <param name="Unknown">What could not be compared, and why.</param>
public sealed record PublishedState(string Image, string? Release, IReadOnlyList<string> Because,
    IReadOnlyList<string> Unknown)
{
    public bool IsStale => Because.Count > 0;
}

/// <summary>What a service image would be built from now.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Release">The OpenStack release.</param>
/// <param name="Published">Where it is published.</param>
/// <param name="Ref">Its source ref.</param>
/// <param name="Commit">Where the ref is; null where nobody knows.</param>
/// <param name="Unknown">Why nobody does.</param>
public sealed record ExpectedImage(string Service, string Release, RegistryReference Published, string Ref,
    string? Commit, string Unknown = "");
