using System.Text.Json;
using OpenStack.Constraints;
using OpenStack.Oci;

namespace OpenStack.Sbom;

/// <summary>An SBOM that somebody vouches for, beside what the image itself shows.</summary>
public static class AttestedSbom
{
    /// <summary>The SBOM of one platform of an image, made of nothing but the image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="platform">Manifest of the platform.</param>
    /// <param name="name">As the image is called.</param>
    /// <param name="inputs">
    /// What its provenance says that it was built from: what was asked for decides on what depends on what.
    /// </param>
    public static JsonDocument MadeAgain(
        OciLayout image, OciDescriptor platform, string name, IReadOnlyDictionary<string, string> inputs)
    {
        var subject = new BomSubject(name, "localhost")
        {
            Extras = ExtrasIn(inputs),
            Natives = NativeSource.In(name, inputs),
            BaseLayers = NativeSource.BaseLayersIn(inputs) is { } count
                ? new Dictionary<string, int> { [platform.Platform!] = count } : [],
        };
        var inventory = Inventory.Read(image, image.ReadManifest(platform.Digest));
        return JsonDocument.Parse(
            SbomFiles.Text(ImageBom.Of(inventory, subject, CycloneDX.SpecificationVersion.v1_6)));
    }

    static IReadOnlyDictionary<PythonName, IReadOnlyList<string>> ExtrasIn(IReadOnlyDictionary<string, string> inputs)
    {
        string[] ListOf(string name, char separator) =>
            inputs.GetValueOrDefault(name, "").Split(separator, StringSplitOptions.RemoveEmptyEntries);
        return inputs.TryGetValue("arg.DISTRIBUTION", out var distribution)
            ? RequestedExtras.Of(distribution, ListOf("arg.PIP_EXTRAS", ','), ListOf("arg.PIP_PACKAGES", ' '))
            : new Dictionary<PythonName, IReadOnlyList<string>>();
    }
}
