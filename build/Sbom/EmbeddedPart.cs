using CycloneDX.Models;

namespace OpenStack.Sbom;

/// <summary>Something that an <see cref="EmbeddedSbom"/> lists.</summary>
/// <param name="Reference">How the document refers to it; empty where it does not.</param>
/// <param name="Component">As the document has it, without references.</param>
/// <param name="Dependencies">References of what it needs; null where the document does not say.</param>
sealed record EmbeddedPart(string Reference, Component Component, IReadOnlyList<string>? Dependencies);
