using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Pipeline.SupplyChain;
using OpenStack.Sbom;
using OpenStack.Signing;
using Serilog;

namespace OpenStack.Pipeline.Publication;

/// <summary>What published images are made of, as their SBOMs say.</summary>
interface IHazSboms : IHazRegistry, IHazTrust
{
    /// <summary>Those that the one has signed whose signatures count; where nothing says who that is, the only ones
    /// that there are.</summary>
    async Task<IReadOnlyList<SbomDocument>> PublishedSbomsAsync(string name)
    {
        var reference = RegistryReference.Parse(name);
        using var client = Open(Run.Watch, reference.Registry);
        var image = await RemoteImage.FindAsync(client, reference)
            ?? throw new ProblemException($"There is no image {reference}",
                "See whether it was published, and under which tags: ./build.sh Tags");
        var sboms = await (await AttachedSbomsAsync()).OfAsync(client, image);
        foreach (var doubt in sboms.Select(x => x.Doubt).OfType<string>()) Log.Information("{Doubt}", doubt);
        var manifests = await Task.WhenAll(sboms.Select(x => image.ReadManifestAsync(client, x.Manifest)));
        return [.. sboms.Zip(manifests, (x, manifest) =>
            new SbomDocument(x.Json, $"{name} {x.Platform}", manifest.Size))];
    }

    /// <summary>Reads SBOMs of images in a registry, by whose signatures count.</summary>
    async Task<AttachedSboms> AttachedSbomsAsync()
    {
        var trust = HasTrust ? Trust : null;
        var key = trust is null ? null : await TrustedKeyAsync(trust);
        // What can be judged here takes no cosign.
        return new AttachedSboms(CosignProgram, trust, key,
            key is { CanVerify: false } ? await OfflineConfigurationAsync() : null);
    }
}
