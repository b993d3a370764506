using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Nuke.Common.Tooling;

namespace Nuke.Common;

/// <summary>
/// What a target says of itself. Without a lambda, the generic forms mean the only <see cref="Target"/> of the component;
/// the Try forms do nothing where the build does not implement it.
/// </summary>
public interface ITargetDefinition
{
    /// <summary>Shown in the help text.</summary>
    ITargetDefinition Description(string description);

    /// <summary>Appends actions, run in order.</summary>
    ITargetDefinition Executes(params Action[] actions);

    /// <inheritdoc cref="Executes(Action[])"/>
    ITargetDefinition Executes<T>(Func<T> action);

    /// <inheritdoc cref="Executes(Action[])"/>
    ITargetDefinition Executes(Func<Task> action);

    /// <summary>The other targets run, and before this one.</summary>
    ITargetDefinition DependsOn(params Target[] targets);

    /// <inheritdoc cref="DependsOn(Target[])"/>
    ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets);

    /// <inheritdoc cref="DependsOn(Target[])"/>
    ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets);

    /// <summary>The reverse of <see cref="DependsOn(Target[])"/>.</summary>
    ITargetDefinition DependentFor(params Target[] targets);

    /// <inheritdoc cref="DependentFor(Target[])"/>
    ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets);

    /// <inheritdoc cref="DependentFor(Target[])"/>
    ITargetDefinition TryDependentFor<T>(params Func<T, Target>[] targets);

    /// <summary>Checked when the target's turn comes.</summary>
    ITargetDefinition OnlyWhenDynamic(Func<bool> condition, [CallerArgumentExpression("condition")] string conditionExpression = null);

    /// <summary>Checked before anything runs.</summary>
    ITargetDefinition OnlyWhenStatic(Func<bool> condition, [CallerArgumentExpression("condition")] string conditionExpression = null);

    /// <summary>An injected member that must have a value.</summary>
    ITargetDefinition Requires<T>(Expression<Func<T>> parameterRequirement, params Expression<Func<T>>[] parameterRequirements)
        where T : class;

    /// <inheritdoc cref="Requires{T}(Expression{Func{T}}, Expression{Func{T}}[])"/>
    ITargetDefinition Requires<T>(Expression<Func<T?>> parameterRequirement, params Expression<Func<T?>>[] parameterRequirements)
        where T : struct;

    /// <summary>A condition without which the whole plan does not start.</summary>
    ITargetDefinition Requires(Expression<Func<bool>> requirement, params Expression<Func<bool>>[] requirements);

    /// <summary>Installs the packages of tools. Tools on the path need nothing, and are not checked.</summary>
    ITargetDefinition Requires(Expression<Func<Tool>> tool, params Expression<Func<Tool>>[] tools);

    /// <summary>What becomes of dependencies of this target alone when it is skipped.</summary>
    ITargetDefinition WhenSkipped(DependencyBehavior dependencyBehavior);

    /// <summary>Order only: this target runs before the others if they run.</summary>
    ITargetDefinition Before(params Target[] targets);

    /// <inheritdoc cref="Before(Target[])"/>
    ITargetDefinition Before<T>(params Func<T, Target>[] targets);

    /// <inheritdoc cref="Before(Target[])"/>
    ITargetDefinition TryBefore<T>(params Func<T, Target>[] targets);

    /// <summary>Order only: this target runs after the others if they run.</summary>
    ITargetDefinition After(params Target[] targets);

    /// <inheritdoc cref="After(Target[])"/>
    ITargetDefinition After<T>(params Func<T, Target>[] targets);

    /// <inheritdoc cref="After(Target[])"/>
    ITargetDefinition TryAfter<T>(params Func<T, Target>[] targets);

    /// <summary>The other targets run too, after this one.</summary>
    ITargetDefinition Triggers(params Target[] targets);

    /// <inheritdoc cref="Triggers(Target[])"/>
    ITargetDefinition Triggers<T>(params Func<T, Target>[] targets);

    /// <inheritdoc cref="Triggers(Target[])"/>
    ITargetDefinition TryTriggers<T>(params Func<T, Target>[] targets);

    /// <summary>The reverse of <see cref="Triggers(Target[])"/>.</summary>
    ITargetDefinition TriggeredBy(params Target[] targets);

    /// <inheritdoc cref="TriggeredBy(Target[])"/>
    ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets);

    /// <inheritdoc cref="TriggeredBy(Target[])"/>
    ITargetDefinition TryTriggeredBy<T>(params Func<T, Target>[] targets);

    /// <summary>Runs even after another target failed.</summary>
    ITargetDefinition AssuredAfterFailure();

    /// <summary>A failure of this target does not stop the plan; the build fails all the same.</summary>
    ITargetDefinition ProceedAfterFailure();

    /// <summary>Not shown in the help text.</summary>
    ITargetDefinition Unlisted();

    /// <summary>Applies the definition of the overridden property of the base class.</summary>
    ITargetDefinition Base();

    /// <summary>Applies the definition of other targets to this one.</summary>
    ITargetDefinition Inherit(params Target[] targets);

    /// <summary>Applies the definition that a component gives by default.</summary>
    ITargetDefinition Inherit<T>(params Expression<Func<T, Target>>[] targets);

    /// <summary>Rooted paths that CI publishes.</summary>
    ITargetDefinition Produces(params string[] artifacts);

    /// <summary>Targets whose artifacts this one takes; for CI that separates them.</summary>
    ITargetDefinition Consumes(params Target[] targets);

    /// <inheritdoc cref="Consumes(Target[])"/>
    ITargetDefinition Consumes<T>(params Func<T, Target>[] targets);

    /// <inheritdoc cref="Consumes(Target[])"/>
    ITargetDefinition Consumes(Target target, params string[] artifacts);

    /// <inheritdoc cref="Consumes(Target[])"/>
    ITargetDefinition Consumes<T>(Func<T, Target> target, params string[] artifacts);

    /// <inheritdoc cref="Consumes(Target[])"/>
    ITargetDefinition Consumes<T>(params string[] artifacts);

    /// <summary>Depends on the only <see cref="Setup"/> of the component and runs before its only <see cref="Cleanup"/>.</summary>
    ITargetDefinition DependsOnContext<T>()
        where T : INukeBuild;

    /// <summary>Splits the target for CI that can.</summary>
    ITargetDefinition Partition(int size);
}
