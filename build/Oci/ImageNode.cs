namespace OpenStack.Oci;

/// <summary>Something in the tree of an image.</summary>
public abstract class ImageNode
{
    /// <summary>Which of the manifest's layers it is from, from 0.</summary>
    public int Layer { get; internal set; }

    /// <summary>What that layer says of it; null of a directory that only what is in it has made.</summary>
    internal LayerEntry? Entry { get; set; }
}

sealed class ImageDirectory : ImageNode
{
    List<string>? _hidden;

    public Dictionary<string, ImageNode> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>Of a layer: whether nothing of the directory below is to be seen.</summary>
    public bool HidesBelow { get; set; }

    /// <summary>Of a layer: names in the directory below that are not to be seen.</summary>
    public IReadOnlyList<string> Hidden => _hidden ?? [];

    public void Hide(string name) => (_hidden ??= []).Add(name);
}

sealed class ImageLink(string target) : ImageNode
{
    public string Target => target;
}

/// <summary>A device or a pipe.</summary>
sealed class ImageDevice : ImageNode;

/// <summary>A file of an image; two names of one file have one.</summary>
public sealed class ImageFile : ImageNode
{
    /// <summary>In bytes.</summary>
    public long Size { get; init; }

    /// <summary>SHA-256 of its content, where digests were asked for.</summary>
    public byte[]? Digest { get; init; }

    /// <summary>Its content, where that was asked for.</summary>
    public byte[]? Content { get; internal set; }

    /// <summary>What looked into it, where something did.</summary>
    public IContentSearch? Search { get; init; }

    /// <summary>Its path in that layer, as written.</summary>
    internal string LayerPath => Entry!.Path;
}
