using Nuke.Common.Execution;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Reports;

namespace OpenStack.Pipeline.Start;

/// <summary>
/// Leaves standard output to the answer that a program reads: whatever else is written there goes to standard error.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class AnswerAloneAttribute : BuildExtensionAttributeBase, IOnBuildCreated, IOnBuildInitialized
{
    /// <summary>NUKE has read the parameters by then, and written nothing.</summary>
    public override float Priority => 90;

    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        if (((IHazAnswer)Build).IsDocument) Console.SetOut(Console.Error);
    }

    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        if (!((IHazAnswer)Build).IsDocument || executionPlan.Count == 0) return;
        bool Answers(ExecutableTarget x) => x.Member.DeclaringType!.IsAssignableTo(typeof(IHazAnswer));
        var answers = executionPlan.Where(Answers).Select(x => x.Name).ToList();
        if (answers.Count != 1) throw new ProblemException(new Problem(
            answers.Count == 0 ? "no target of this run answers as a document"
                : $"{string.Join(" and ", answers)} would answer in one document",
            Expected: $"one of {string.Join(", ", executableTargets.Where(Answers).Select(x => x.Name))} with --json"));
    }
}
