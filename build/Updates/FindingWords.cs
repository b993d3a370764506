namespace OpenStack.Updates;

/// <summary>Findings in words.</summary>
static class FindingWords
{
    public static string Of(FindingState state) => state switch
    {
        FindingState.Current => "up to date",
        FindingState.Ahead => "not of this release",
        FindingState.EndOfLife => "at the end of its life",
        _ => state.ToString().ToLowerInvariant(),
    };

    public static string Of(Subject subject) => subject switch
    {
        Subject.Refs => "ref",
        Subject.Images => "image",
        Subject.Actions => "action",
        _ => subject.ToString().ToLowerInvariant(),
    };
}
