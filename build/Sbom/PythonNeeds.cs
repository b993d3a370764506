namespace OpenStack.Sbom;

/// <summary>What a Python distribution needs of those that are there.</summary>
/// <param name="Met">Sorted by name.</param>
/// <param name="Undecided">
/// Requirements, as they stand there, of which the image does not say whether they hold.
/// </param>
sealed record PythonNeeds(IReadOnlyList<PythonDistribution> Met, IReadOnlyList<string> Undecided);
