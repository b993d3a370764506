using Nuke.Common;
using OpenStack.Diagnostics;
using OpenStack.Signing;

namespace OpenStack.Pipeline.SupplyChain;

/// <summary>Who signs.</summary>
interface IHazSigner : IHazCosign
{
    [Parameter("Key to sign with: a file, env://VARIABLE or the URI of a key management service, as cosign takes them "
        + "- Default is, in CI, the job's own identity")]
    string? SigningKey => TryGetValue(() => SigningKey);

    /// <exception cref="ProblemException">Nobody.</exception>
    Signer Signer => Signer.Of(SigningKey is null ? null
        : KeyReference.Of(SigningKey, "--signing-key", RootDirectory), Environment.GetEnvironmentVariable);

    /// <summary>Signs in their name.</summary>
    /// <exception cref="ProblemException">Nobody can sign.</exception>
    async Task<ImageSigner> SignerAsync()
    {
        var signer = Signer;
        await CosignProgram.RequireAsync();
        return signer.Key is null
            ? new ImageSigner(CosignProgram, signer, null, null)
            : new ImageSigner(CosignProgram, signer, await OfflineConfigurationAsync(),
                await CosignProgram.PublicKeyAsync(signer.Key));
    }
}
