namespace OpenStack.Signing;

/// <summary>The answer to whether something holds.</summary>
public enum Verdict
{
    /// <summary>It holds.</summary>
    Yes,

    /// <summary>It does not.</summary>
    No,

    /// <summary>Nobody can tell: the registry does not answer, or not so that it can be understood.</summary>
    Unknown,
}
