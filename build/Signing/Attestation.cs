using Nuke.Common.IO;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>One thing that is to be said of a manifest, and signed.</summary>
/// <param name="Subject">The manifest, or index.</param>
/// <param name="Manifest">Its bytes.</param>
/// <param name="PredicateType">One of <see cref="PredicateTypes"/>.</param>
/// <param name="Predicate">A JSON object.</param>
/// <param name="Name">Of the bundle's file.</param>
public sealed record Attestation(OciDescriptor Subject, AbsolutePath Manifest, string PredicateType,
    AbsolutePath Predicate, string Name);
