namespace OpenStack.Sources;

/// <summary>
/// Settings that every git of this process and of its children has, beside those that its user gave it.
/// </summary>
public static class GitConfiguration
{
    const string Count = "GIT_CONFIG_COUNT";

    /// <summary>Adds what is not there yet, behind what the caller of this process says in the same way.</summary>
    public static void Add(IReadOnlyList<(string Key, string Value)> settings)
    {
        _ = int.TryParse(Environment.GetEnvironmentVariable(Count), out var count);
        var known = Enumerable.Range(0, count).Select(x => (Environment.GetEnvironmentVariable($"GIT_CONFIG_KEY_{x}"),
            Environment.GetEnvironmentVariable($"GIT_CONFIG_VALUE_{x}"))).ToHashSet();
        foreach (var (key, value) in settings.Distinct().Where(x => !known.Contains(x)))
        {
            Environment.SetEnvironmentVariable($"GIT_CONFIG_KEY_{count}", key);
            Environment.SetEnvironmentVariable($"GIT_CONFIG_VALUE_{count}", value);
            count++;
        }

        Environment.SetEnvironmentVariable(Count, $"{count}");
    }
}
