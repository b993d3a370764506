using System.Linq.Expressions;
using System.Reflection;

namespace Nuke.Common.ValueInjection;

/// <summary>The members of a build that get a value, and the giving.</summary>
static class ValueInjector
{
    static readonly Dictionary<Type, IReadOnlyList<(MemberInfo, ValueInjectionAttributeBase)>> membersByType = [];
    static readonly Dictionary<MemberInfo, object> componentValues = [];

    // The others are read by the engine itself.
    static readonly string[] InjectedEngineMembers =
        [nameof(NukeBuild.Plan), nameof(NukeBuild.Help), nameof(NukeBuild.Continue), nameof(NukeBuild.NoLogo), nameof(NukeBuild.Verbosity), nameof(NukeBuild.Partition)];

    /// <summary>By name.</summary>
    public static IReadOnlyList<(MemberInfo Member, ValueInjectionAttributeBase Attribute)> MembersOf(Type type)
    {
        if (membersByType.TryGetValue(type, out var known))
            return known;
        var members = MemberDiscovery.Find(type, Candidates, strict: false)
            .OrderBy(x => x.Name)
            .Select(x => (x, x.GetCustomAttribute<ValueInjectionAttributeBase>()))
            .ToArray();
        return membersByType[type] = members;
    }

    /// <summary>By the name of the parameter.</summary>
    public static IReadOnlyList<MemberInfo> ParametersOf(Type type, bool includeUnlisted) =>
        MembersOf(type)
            .Where(x => x.Attribute is ParameterAttribute attribute && (includeUnlisted || attribute.List))
            .Select(x => (x.Member, Name: Parameters.NameOf(x.Member)))
            .OrderBy(x => x.Name)
            .Select(x => x.Member)
            .ToArray();

    /// <summary>Base classes first. Members of components are asked for by <see cref="TryGetValue"/>.</summary>
    public static void Inject(INukeBuild build, Func<MemberInfo, ValueInjectionAttributeBase, bool> filter)
    {
        var members = MembersOf(build.GetType())
            .Where(x => !x.Member.ReflectedType!.IsInterface)
            .Where(x => x.Member.DeclaringType != typeof(NukeBuild) || InjectedEngineMembers.Contains(x.Member.Name))
            .Where(x => filter(x.Member, x.Attribute))
            .OrderBy(x => DepthOf(x.Member.DeclaringType))
            .ThenByDescending(x => x.Attribute.Priority);
        foreach (var (member, attribute) in members)
        {
            attribute.Build = build;
            if (attribute.TryGetValue(member, build) is not { } value)
                continue;
            if (!Members.TypeOf(member).IsInstanceOfType(value))
                throw new ArgumentException($"Member '{member.Name}' must be of type '{value.GetType().Name}' to get its valued injected from '{attribute.GetType().Name}'");
            Members.SetValue(member, build, value);
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

    static int DepthOf(Type type) => type.BaseType is { } parent ? DepthOf(parent) + 1 : 0;
}
