using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>Makes the targets of a build from its properties and links them.</summary>
static class TargetFactory
{
    public static IReadOnlyCollection<ExecutableTarget> Create<T>(T build, Expression<Func<T, Target>>[] defaults)
        where T : NukeBuild
    {
        var defaultTargets = defaults.Select(x => Evaluate(x, build)).ToArray();
        var targets = PropertiesOf(build.GetType()).Select(x => Create(x, build, defaultTargets)).ToList();
        var byFactory = targets.ToLookup(x => x.Factory);
        foreach (var target in targets)
            Link(target, targets, byFactory);
        return targets;
    }

    /// <summary>In the order of discovery.</summary>
    public static List<PropertyInfo> PropertiesOf(Type buildType) =>
        MemberDiscovery.Find(
            buildType,
            type => type.GetProperties(Members.OfInstance)
                .Where(x => x.PropertyType == typeof(Target) || x.PropertyType == typeof(Setup) || x.PropertyType == typeof(Cleanup)),
            strict: true);

    static ExecutableTarget Create(PropertyInfo property, NukeBuild build, Target[] defaultTargets)
    {
        var definition = new TargetDefinition(property, build);
        var factory = (Delegate)property.GetValue(build);
        _ = factory switch
        {
            Target target => target(definition),
            Setup setup => setup(definition),
            Cleanup cleanup => cleanup(definition),
            _ => throw new ArgumentException($"Target '{definition.Name}' is null")
        };
        return new ExecutableTarget
        {
            Name = definition.Name,
            Member = property,
            Definition = definition,
            Description = definition.Description,
            Factory = factory,
            IsDefault = defaultTargets.Contains(factory),
            DynamicConditions = definition.DynamicConditions,
            StaticConditions = definition.StaticConditions,
            DependencyBehavior = definition.DependencyBehavior,
            ProceedAfterFailure = definition.IsProceedingAfterFailure,
            AssuredAfterFailure = definition.IsAssuredAfterFailure || factory is Cleanup,
            DelegateRequirements = definition.DelegateRequirements,
            ToolRequirements = definition.ToolRequirements,
            Actions = definition.Actions,
            Listed = !definition.IsUnlisted,
            PartitionSize = definition.PartitionSize,
            ArtifactProducts = definition.ArtifactProducts
        };
    }

    static void Link(ExecutableTarget target, List<ExecutableTarget> targets, ILookup<Delegate, ExecutableTarget> byFactory)
    {
        IEnumerable<ExecutableTarget> Related(Func<TargetDefinition, List<Delegate>> own, Func<TargetDefinition, List<Delegate>> reverse) =>
            own(target.Definition).Select(x => byFactory[x].Single())
                .Concat(targets.Where(x => x != target && reverse(x.Definition).Contains(target.Factory)));

        target.ExecutionDependencies.AddRange(Related(x => x.DependsOnTargets, x => x.DependentForTargets));
        target.OrderDependencies.AddRange(Related(x => x.AfterTargets, x => x.BeforeTargets));
        target.TriggerDependencies.AddRange(Related(x => x.TriggeredByTargets, x => x.TriggersTargets));
        target.Triggers.AddRange(Related(x => x.TriggersTargets, x => x.TriggeredByTargets));
        if (target.AllDependencies.Concat(target.Triggers).Contains(target))
            throw new ArgumentException($"Target '{target.Name}' cannot have a dependency on itself");

        if (target.Factory is Setup)
        {
            var cleanup = targets.Single(x => x.Factory is Cleanup && x.Member.DeclaringType == target.Member.DeclaringType);
            target.Triggers.Add(cleanup);
            cleanup.TriggerDependencies.Add(target);
        }

        foreach (var (factory, artifacts) in target.Definition.ArtifactDependencies)
        {
            var producer = byFactory[factory].Single();
            target.ArtifactDependencies.AddRange(producer, artifacts.Length > 0 ? artifacts : producer.ArtifactProducts);
        }
    }

    // A property of the build, perhaps through one of its interfaces, needs no compiler.
    static Target Evaluate<T>(Expression<Func<T, Target>> lambda, T build) =>
        lambda.Body is MemberExpression { Member: PropertyInfo property, Expression: ParameterExpression or UnaryExpression { Operand: ParameterExpression } }
            ? (Target)property.GetValue(build)
            : lambda.Compile(preferInterpretation: true)(build);
}
