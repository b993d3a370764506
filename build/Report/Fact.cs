namespace OpenStack.Report;

/// <summary>Something that a file says; or that is not known, and which target would make it known.</summary>
/// <param name="Value">Null where it is not known.</param>
/// <param name="From">The file, relative to the repository.</param>
/// <param name="Target">The target that makes it.</param>
/// <param name="Because">Why it is not known, where that is more than that nothing has made it yet.</param>
sealed record Fact<T>(T? Value, string From, string Target, string Because)
    where T : class
{
    public bool IsKnown => Value is not null;
}

static class Fact
{
    public static Fact<T> Of<T>(T value, string from)
        where T : class => new(value, from, "", "");

    public static Fact<T> NotKnown<T>(string target, string because = "")
        where T : class => new(null, "", target, because);
}
