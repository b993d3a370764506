using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.Tooling;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>Collects what a target says of itself. Other targets are known by their delegates.</summary>
sealed partial class TargetDefinition(PropertyInfo property, INukeBuild build) : ITargetDefinition
{
    // The properties that this one overrides, the nearest last.
    readonly Stack<PropertyInfo> overridden = new(Overridden(property, build.GetType()));

    public string Name => Members.ShortName(property);
    public string Description { get; private set; }
    public List<(string Text, Func<bool> Delegate)> DynamicConditions { get; } = [];
    public List<(string Text, Func<bool> Delegate)> StaticConditions { get; } = [];
    public List<LambdaExpression> DelegateRequirements { get; } = [];
    public List<ToolRequirement> ToolRequirements { get; } = [];
    public List<Action> Actions { get; } = [];
    public DependencyBehavior DependencyBehavior { get; private set; }
    public bool IsProceedingAfterFailure { get; private set; }
    public bool IsAssuredAfterFailure { get; private set; }
    public bool IsUnlisted { get; private set; }
    public int? PartitionSize { get; private set; }
    public List<string> ArtifactProducts { get; } = [];
    public List<(Delegate Target, string[] Artifacts)> ArtifactDependencies { get; } = [];

    ITargetDefinition ITargetDefinition.Description(string description)
    {
        Description = description;
        return this;
    }

    public ITargetDefinition Executes(params Action[] actions) => Add(Actions, actions);

    public ITargetDefinition Executes<T>(Func<T> action) => Add(Actions, () => action());

    public ITargetDefinition Executes(Func<Task> action) => Add(Actions, () => action().GetAwaiter().GetResult());

    public ITargetDefinition OnlyWhenDynamic(Func<bool> condition, string conditionExpression = null) =>
        Add(DynamicConditions, (Condition.TextOf(conditionExpression), condition));

    public ITargetDefinition OnlyWhenStatic(Func<bool> condition, string conditionExpression = null) =>
        Add(StaticConditions, (Condition.TextOf(conditionExpression), condition));

    public ITargetDefinition Requires<T>(Expression<Func<T>> parameterRequirement, params Expression<Func<T>>[] parameterRequirements)
        where T : class => Add(DelegateRequirements, [parameterRequirement, .. parameterRequirements]);

    public ITargetDefinition Requires<T>(Expression<Func<T?>> parameterRequirement, params Expression<Func<T?>>[] parameterRequirements)
        where T : struct => Add(DelegateRequirements, [parameterRequirement, .. parameterRequirements]);

    public ITargetDefinition Requires(Expression<Func<bool>> requirement, params Expression<Func<bool>>[] requirements) =>
        Add(DelegateRequirements, [requirement, .. requirements]);

    public ITargetDefinition Requires(Expression<Func<Tool>> tool, params Expression<Func<Tool>>[] tools)
    {
        foreach (var member in tools.Prepend(tool).Select(Members.Of))
        {
            if (member.GetCustomAttribute<ToolInjectionAttributeBase>().NotNull().GetRequirement(member) is { } requirement)
                ToolRequirements.Add(requirement);
        }

        return this;
    }

    public ITargetDefinition WhenSkipped(DependencyBehavior dependencyBehavior)
    {
        DependencyBehavior = dependencyBehavior;
        return this;
    }

    public ITargetDefinition AssuredAfterFailure()
    {
        IsAssuredAfterFailure = true;
        return this;
    }

    public ITargetDefinition ProceedAfterFailure()
    {
        IsProceedingAfterFailure = true;
        return this;
    }

    public ITargetDefinition Unlisted()
    {
        IsUnlisted = true;
        return this;
    }

    public ITargetDefinition Partition(int size)
    {
        Assert.True(size > 1);
        PartitionSize = size;
        return this;
    }

    public ITargetDefinition Base()
    {
        if (overridden.Count == 0)
            throw new ArgumentException($"Target '{property.DeclaringType}.{property.Name}' does not have any base members. To inherit from an interface default implementation, use {nameof(Inherit)}<T> instead.");
        return Inherit(Members.GetValueNonVirtual<Target>(overridden.Pop(), build));
    }

    public ITargetDefinition Inherit(params Target[] targets)
    {
        foreach (var target in targets)
            target(this);
        return this;
    }

    public ITargetDefinition Inherit<T>(params Expression<Func<T, Target>>[] targets)
    {
        var properties = targets.Length > 0 ? targets.Select(x => (PropertyInfo)Members.Of(x)) : [OnlyTarget<T>("shorthand inheritance", typeof(Target))];
        return Inherit(properties.Select(x => Members.GetValueNonVirtual<Target>(x, build)).ToArray());
    }

    static IEnumerable<PropertyInfo> Overridden(PropertyInfo property, Type buildType)
    {
        var result = new List<PropertyInfo>();
        for (var type = buildType.BaseType; type is not null; type = type.BaseType)
        {
            if (type.GetProperty(property.Name) is { } inherited && inherited.DeclaringType == type)
                result.Add(inherited);
        }

        result.Reverse();
        return result;
    }

    TargetDefinition Add<T>(List<T> list, params IEnumerable<T> items)
    {
        list.AddRange(items);
        return this;
    }
}
