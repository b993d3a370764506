using System.Reflection;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

sealed partial class TargetDefinition
{
    public List<Delegate> DependsOnTargets { get; } = [];
    public List<Delegate> DependentForTargets { get; } = [];
    public List<Delegate> BeforeTargets { get; } = [];
    public List<Delegate> AfterTargets { get; } = [];
    public List<Delegate> TriggersTargets { get; } = [];
    public List<Delegate> TriggeredByTargets { get; } = [];

    public ITargetDefinition DependsOn(params Target[] targets) => Add(DependsOnTargets, targets);
    public ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets) => Add(DependsOnTargets, TargetsOf(targets));
    public ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets) => build is T ? DependsOn(targets) : this;

    public ITargetDefinition DependentFor(params Target[] targets) => Add(DependentForTargets, targets);
    public ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets) => Add(DependentForTargets, TargetsOf(targets));
    public ITargetDefinition TryDependentFor<T>(params Func<T, Target>[] targets) => build is T ? DependentFor(targets) : this;

    public ITargetDefinition Before(params Target[] targets) => Add(BeforeTargets, targets);
    public ITargetDefinition Before<T>(params Func<T, Target>[] targets) => Add(BeforeTargets, TargetsOf(targets));
    public ITargetDefinition TryBefore<T>(params Func<T, Target>[] targets) => build is T ? Before(targets) : this;

    public ITargetDefinition After(params Target[] targets) => Add(AfterTargets, targets);
    public ITargetDefinition After<T>(params Func<T, Target>[] targets) => Add(AfterTargets, TargetsOf(targets));
    public ITargetDefinition TryAfter<T>(params Func<T, Target>[] targets) => build is T ? After(targets) : this;

    public ITargetDefinition Triggers(params Target[] targets) => Add(TriggersTargets, targets);
    public ITargetDefinition Triggers<T>(params Func<T, Target>[] targets) => Add(TriggersTargets, TargetsOf(targets));
    public ITargetDefinition TryTriggers<T>(params Func<T, Target>[] targets) => build is T ? Triggers(targets) : this;

    public ITargetDefinition TriggeredBy(params Target[] targets) => Add(TriggeredByTargets, targets);
    public ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets) => Add(TriggeredByTargets, TargetsOf(targets));
    public ITargetDefinition TryTriggeredBy<T>(params Func<T, Target>[] targets) => build is T ? TriggeredBy(targets) : this;

    public ITargetDefinition Produces(params string[] artifacts) => Add(ArtifactProducts, artifacts);

    public ITargetDefinition Consumes(params Target[] targets) =>
        Add(ArtifactDependencies, targets.Select(x => ((Delegate)x, Array.Empty<string>())));

    public ITargetDefinition Consumes<T>(params Func<T, Target>[] targets) => Consumes(TargetsOf(targets));

    public ITargetDefinition Consumes(Target target, params string[] artifacts) => Add(ArtifactDependencies, (target, artifacts));

    public ITargetDefinition Consumes<T>(Func<T, Target> target, params string[] artifacts) => Consumes(target((T)build), artifacts);

    public ITargetDefinition Consumes<T>(params string[] artifacts) => Consumes(TargetsOf<T>([])[0], artifacts);

    public ITargetDefinition DependsOnContext<T>()
        where T : INukeBuild
    {
        if (build is not T)
            throw new ArgumentException($"'{build.GetType().Name}' must implement context '{typeof(T).Name}'");
        DependsOnTargets.Add((Setup)OnlyTarget<T>("context dependency (missing setup)", typeof(Setup)).GetValue(build));
        BeforeTargets.Add((Cleanup)OnlyTarget<T>("context dependency (missing cleanup)", typeof(Cleanup)).GetValue(build));
        return this;
    }

    Target[] TargetsOf<T>(Func<T, Target>[] targets) => targets.Length > 0
        ? targets.Select(x => x((T)build)).ToArray()
        : [(Target)OnlyTarget<T>("shorthand dependency", typeof(Target)).GetValue(build)];

    PropertyInfo OnlyTarget<T>(string kind, Type type)
    {
        var candidates = typeof(T).GetProperties(Members.OfInstance).Where(x => x.PropertyType == type).ToArray();
        if (candidates.Length == 1)
            return candidates[0];
        string[] lines =
        [
            $"Target '{property.DeclaringType}.{property.Name}' cannot have {kind} on component '{typeof(T).Name}'.",
            candidates.Length > 1 ? "Too many relevant targets:" : "No relevant targets.",
            .. candidates.Select(x => $"  - {x.Name}")
        ];
        throw new Exception(string.Join(Environment.NewLine, lines));
    }
}
