namespace VerifyTests;

/// <summary>A text is not the one of its snapshot.</summary>
public class VerifyException : Exception
{
    internal VerifyException(string message)
        : base(message)
    {
    }
}
