namespace OpenStack.Oci;

/// <summary>
/// Looks for something in the content of one file of a layer as it passes by, so that nothing need be kept of it.
/// </summary>
public interface IContentSearch
{
    /// <summary>Is called with all of the content, piece by piece in its order.</summary>
    void Read(ReadOnlySpan<byte> bytes);
}
