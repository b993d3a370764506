namespace OpenStack.Storage;

/// <summary>Says to users what a file or directory is: <c>docs/files.md</c> lists them all.</summary>
/// <param name="description">What it is, without a final dot.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property | AttributeTargets.Method)]
public sealed class DescribedFileAttribute(string description) : Attribute
{
    public string Description => description;

    /// <summary>Where it is in the repository, for a class that reads it; of a property or method its value says
    /// so.</summary>
    public string? Place { get; init; }
}
