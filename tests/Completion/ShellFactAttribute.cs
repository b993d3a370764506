namespace OpenStack.Tests.Completion;

/// <summary>A test that asks a shell itself: skipped, and said so, where this machine has none.</summary>
sealed class ShellFactAttribute : FactAttribute
{
    public ShellFactAttribute(string shell) => Skip = WhyNot(shell);

    /// <summary>Null where the machine has it.</summary>
    public static string? WhyNot(string shell) => Environment.GetEnvironmentVariable("PATH")!
        .Split(Path.PathSeparator).Any(x => File.Exists(Path.Combine(x, shell)))
        ? null : $"There is no {shell} on this machine to ask: not run";
}

/// <summary>The same for several lines.</summary>
sealed class ShellTheoryAttribute : TheoryAttribute
{
    public ShellTheoryAttribute(string shell) => Skip = ShellFactAttribute.WhyNot(shell);
}
