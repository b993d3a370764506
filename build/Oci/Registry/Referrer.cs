using System.Text.Json;
using OpenStack.Storage;

namespace OpenStack.Oci;

/// <summary>
/// A manifest that refers to another one and carries a Sigstore bundle, in the form in which cosign finds it
/// (sigstore/cosign, specs/BUNDLE_SPEC.md). Nothing in it is of its own time: the same bundle gives the same digest.
/// </summary>
public sealed class Referrer
{
    /// <summary>Media type of the bundle, and artifact type of the manifest.</summary>
    public const string BundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";

    const string PredicateTypeKey = "dev.sigstore.bundle.predicateType";

    Referrer(AttachedBundle bundle)
    {
        Bundle = bundle;
        BundleContent = File.ReadAllBytes(bundle.File);
        BundleDescriptor = new OciDescriptor(BundleType, Digest.OfBytes(BundleContent), BundleContent.Length);
        Content = OciJson.Write(Write);
        Descriptor = new OciDescriptor(OciMediaTypes.Manifest, Digest.OfBytes(Content), Content.Length);
    }

    public AttachedBundle Bundle { get; }

    public byte[] BundleContent { get; }

    public OciDescriptor BundleDescriptor { get; }

    /// <summary>Of the manifest.</summary>
    public OciDescriptor Descriptor { get; }

    /// <summary>The manifest.</summary>
    public byte[] Content { get; }

    public static Referrer Of(AttachedBundle bundle) => new(bundle);

    /// <summary>As an entry of the index that lists the referrers of a manifest.</summary>
    public JsonElement Entry => JsonDocument.Parse(OciJson.Write(x =>
    {
        x.WriteStartObject();
        Descriptor.WriteMembers(x);
        x.WriteString("artifactType", BundleType);
        WriteAnnotations(x);
        x.WriteEndObject();
    })).RootElement;

    void Write(Utf8JsonWriter x)
    {
        x.WriteStartObject();
        x.WriteNumber("schemaVersion", 2);
        x.WriteString("mediaType", OciMediaTypes.Manifest);
        x.WriteString("artifactType", BundleType);
        x.WritePropertyName("config");
        OciDescriptor.Empty.Write(x);
        x.WriteStartArray("layers");
        BundleDescriptor.Write(x);
        x.WriteEndArray();
        x.WritePropertyName("subject");
        Bundle.Subject.Write(x);
        WriteAnnotations(x);
        x.WriteEndObject();
    }

    void WriteAnnotations(Utf8JsonWriter x)
    {
        x.WriteStartObject("annotations");
        x.WriteString("dev.sigstore.bundle.content", "dsse-envelope");
        x.WriteString(PredicateTypeKey, Bundle.PredicateType);
        x.WriteEndObject();
    }
}
