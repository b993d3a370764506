namespace VerifyTests;

/// <summary>Outcome of a verification that did not fail.</summary>
public class VerifyResult
{
    internal VerifyResult()
    {
    }
}
