namespace OpenStack.Catalog;

/// <summary>What the source of an image's component is, and so how it is versioned, built and listed.</summary>
public enum ImageKind
{
    /// <summary>A Python distribution: the image is a virtual environment.</summary>
    Python,

    /// <summary>Anything that its own Dockerfile builds, as it takes with compilers.</summary>
    Native,
}
