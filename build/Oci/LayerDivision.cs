namespace OpenStack.Oci;

/// <summary>Says which of several layers what an image adds to its base goes into.</summary>
interface ILayerDivision
{
    /// <summary>What it needs of files, beside what they are.</summary>
    LayerReading Reading { get; }

    /// <summary>
    /// The layers, lowest first. What is in none of them is in a last one: files that belong to nobody, directories
    /// that are more than the way to something, and what of the base is not there any more.
    /// </summary>
    /// <param name="changes">What the image adds to its base.</param>
    /// <param name="below">Everything in the base.</param>
    IReadOnlyList<LayerPart> Divide(ImageTree changes, ImageTree below);
}

/// <summary>One layer of an image.</summary>
/// <param name="Description">For people who look at the history of the image.</param>
/// <param name="Times">
/// What is in it, and when it was modified, in seconds since 1970. All names of a file are in one layer.
/// </param>
sealed record LayerPart(string Description, IReadOnlyDictionary<ImageNode, long> Times);
