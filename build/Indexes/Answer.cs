namespace OpenStack.Indexes;

/// <summary>What is known of a question: that nobody knows is an answer of its own, and never a no.</summary>
enum Answer
{
    No,
    Unknown,
    Yes,
}
