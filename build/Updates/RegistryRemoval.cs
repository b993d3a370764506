using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Updates;

/// <summary>Removal as the OCI distribution specification has it ("Deleting Manifests").</summary>
public sealed class RegistryRemoval(RegistryClient client) : IManifestRemoval
{
    public async Task<Problem?> RemoveAsync(string repository, string digest, CancellationToken cancellation = default)
    {
        // One that was not there is as gone as it should be: some registries remove what refers to an image with it.
        await client.DeleteManifestAsync(repository, digest, cancellation);
        return null;
    }
}
