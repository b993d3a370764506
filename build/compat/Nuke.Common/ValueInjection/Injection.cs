using System.Reflection;

namespace Nuke.Common.ValueInjection;

/// <summary>A member and what gives it its value.</summary>
sealed class Injection(MemberInfo member, ValueInjectionAttributeBase attribute)
{
    public MemberInfo Member => member;

    public ValueInjectionAttributeBase Attribute => attribute;

    /// <summary>What the parameter is called; null for other members.</summary>
    public string ParameterName { get; } = attribute is ParameterAttribute parameter
        ? member.DeclaringType!.GetCustomAttribute<ParameterPrefixAttribute>()?.Prefix + (parameter.Name ?? member.Name)
        : null;

    /// <summary>The description without the dot at its end; null without one.</summary>
    public string Description => (attribute as ParameterAttribute)?.Description?.TrimEnd('.');

    /// <summary>Whether it belongs to the engine and not to the build.</summary>
    public bool IsOfEngine => member.DeclaringType == typeof(NukeBuild);

    public Type Type => Members.TypeOf(member);

    public bool IsSecret => member.IsDefined(typeof(SecretAttribute));

    /// <summary>How many base classes its class has.</summary>
    public int Depth { get; } = DepthOf(member.DeclaringType);

    static int DepthOf(Type type) => type.BaseType is { } parent ? DepthOf(parent) + 1 : 0;
}
