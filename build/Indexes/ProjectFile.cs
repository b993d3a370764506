namespace OpenStack.Indexes;

/// <summary>A file that an index has of a project (PEP 691).</summary>
/// <param name="Name">As in <c>six-1.17.0-py2.py3-none-any.whl</c>.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Sha256">64 hexadecimal digits; null where the index does not say.</param>
public sealed record ProjectFile(string Name, Uri Url, string? Sha256)
{
    /// <summary>Versions of Python that it is for; null where it is for any.</summary>
    public string? RequiresPython { get; init; }

    /// <summary>Whether nobody is to install it any more (PEP 592).</summary>
    public bool IsYanked { get; init; }

    /// <summary>When it came; null where the index does not say (PEP 700).</summary>
    public DateTimeOffset? Uploaded { get; init; }

    /// <summary>In bytes; null where the index does not say (PEP 700).</summary>
    public long? Size { get; init; }

    /// <summary>Whether its metadata is beside it, <c>.metadata</c> (PEP 658).</summary>
    public bool HasMetadata { get; init; }

    public bool IsWheel => Name.EndsWith(".whl", StringComparison.OrdinalIgnoreCase);
}
