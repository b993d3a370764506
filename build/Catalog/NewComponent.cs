namespace OpenStack.Catalog;

/// <summary>What a release is to say of a component that is added to it.</summary>
/// <param name="Ref">Branch, tag or commit.</param>
/// <param name="EntryPoints">How it is started; null where that is not known.</param>
public sealed record NewComponent(string Ref, EntryPoints? EntryPoints)
{
    /// <summary>Where its repository is; null where all others are.</summary>
    public string? Url { get; init; }

    /// <summary>What else its tree says.</summary>
    public ServiceTraits Traits { get; init; } = new();
}
