using Nuke.Common.Execution;
using OpenStack.Pipeline.Editing;
using OpenStack.Pipeline.Publication;
using OpenStack.Pipeline.Selection;

namespace OpenStack.Pipeline.Start;

/// <summary>
/// Reads the catalog and the selection before the first target runs, when the plan has a target that needs them: a
/// misspelt service is not worth waiting a minute for.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class CheckSelectionAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        bool Has<T>(ExecutableTarget target) => target.Member.DeclaringType!.IsAssignableTo(typeof(T));
        bool NamesImages(ExecutableTarget target) => (Has<IVerify>(target) && ((IVerify)Build).Image.Length > 0)
            || (Has<IHazTo>(target) && ((IHazTo)Build).NamesImages);
        // The commands that change the catalog work on what is not there yet; images that are named need no services.
        if (executionPlan.Any(x =>
            Has<IHazSelection>(x) && !Has<IHazScope>(x) && !Has<IEditCatalog>(x) && !NamesImages(x)))
            _ = ((IHazSelection)Build).Selection;
        _ = ((IHazOutcome)Build).Limit;
        if (executionPlan.Any(Has<IHazScope>)) _ = ((IHazScope)Build).Scope;
    }
}
