using System.Linq.Expressions;
using System.Reflection;

namespace Nuke.Common.ValueInjection;

/// <summary>The members of a build that get a value, and the giving.</summary>
static class ValueInjector
{
    static readonly Dictionary<Type, IReadOnlyList<Injection>> injectionsByType = [];
    static readonly Dictionary<MemberInfo, object> componentValues = [];

    // The others are read by the engine itself.
    static readonly string[] InjectedEngineMembers =
        [nameof(NukeBuild.Plan), nameof(NukeBuild.Help), nameof(NukeBuild.Continue), nameof(NukeBuild.NoLogo), nameof(NukeBuild.Verbosity), nameof(NukeBuild.Partition)];

    // Base classes first. Sorting by a comparison spares the runtime compiling LINQ for yet another type of key.
    static readonly Comparer<Injection> InjectionOrder = Comparer<Injection>.Create((x, y) =>
        x.Depth != y.Depth ? x.Depth.CompareTo(y.Depth) : y.Attribute.Priority.CompareTo(x.Attribute.Priority));

    /// <summary>By name of the member.</summary>
    public static IReadOnlyList<Injection> Of(Type type)
    {
        if (!injectionsByType.TryGetValue(type, out var injections))
        {
            injections = MemberDiscovery.Find(type, Candidates, strict: false)
                .OrderBy(x => x.Name)
                .Select(x => new Injection(x, x.GetCustomAttribute<ValueInjectionAttributeBase>()))
                .ToArray();
            injectionsByType.Add(type, injections);
        }

        return injections;
    }

    /// <summary>By name of the parameter.</summary>
    public static IReadOnlyList<Injection> ParametersOf(Type type) =>
        Of(type).Where(x => x.ParameterName is not null).OrderBy(x => x.ParameterName).ToArray();

    /// <summary>Members of components are left out: they ask for their values by <see cref="TryGetValue"/>.</summary>
    public static void Inject(INukeBuild build, Func<Injection, bool> filter)
    {
        var injections = Of(build.GetType())
            .Where(x => !x.Member.ReflectedType!.IsInterface)
            .Where(x => !x.IsOfEngine || InjectedEngineMembers.Contains(x.Member.Name))
            .Where(filter)
            .Order(InjectionOrder);
        foreach (var injection in injections)
        {
            injection.Attribute.Build = build;
            if (injection.Attribute.TryGetValue(injection.Member, build) is not { } value)
                continue;
            if (!injection.Type.IsInstanceOfType(value))
                throw new ArgumentException($"Member '{injection.Member.Name}' must be of type '{value.GetType().Name}' to get its valued injected from '{injection.Attribute.GetType().Name}'");
            Members.SetValue(injection.Member, build, value);
        }
    }

    /// <summary>The value of a component's member; asked for until it is not null.</summary>
    public static object TryGetValue(LambdaExpression expression)
    {
        var member = Members.Of(expression);
        if (componentValues.TryGetValue(member, out var value))
            return value;
        var attribute = member.GetCustomAttribute<ValueInjectionAttributeBase>().NotNull();
        var instance = Members.TargetOf(expression);
        attribute.Build = instance as INukeBuild;
        value = attribute.TryGetValue(member, instance);
        if (value is not null)
            componentValues[member] = value;
        return value;
    }

    static IEnumerable<MemberInfo> Candidates(Type type) =>
        type.GetProperties(Members.All).Concat<MemberInfo>(type.GetFields(Members.All))
            .Where(x => Attribute.IsDefined(x, typeof(ValueInjectionAttributeBase)));
}
