using System.Reflection;
using Nuke.Common.Tooling;
using Nuke.Common.Utilities;
using Serilog;

namespace Nuke.Common.ValueInjection;

/// <summary>The values a parameter can have, where they are known.</summary>
static class ValueSet
{
    /// <summary>Sorted texts; null if any value will do.</summary>
    public static IReadOnlyList<string> Of(MemberInfo member, INukeBuild build)
    {
        try
        {
            var attribute = member.GetCustomAttribute<ParameterAttribute>().NotNull();
            var texts = attribute.GetValueSet(member, build)?.Select(x => x.Item1)
                ?? Provided(attribute, build)
                ?? OfType(ScalarOf(Members.TypeOf(member)));
            return texts?.Order().ToArray();
        }
        catch (Exception exception)
        {
            Log.Warning(exception.Unwrap(), "Could not resolve value-set for {Parameter}", Members.DisplayName(member));
            return null;
        }
    }

    static IEnumerable<string> Provided(ParameterAttribute attribute, INukeBuild build)
    {
        if (attribute.ValueProviderMember is not { } name)
            return null;
        var type = attribute.ValueProviderType ?? build.GetType();
        var provider = type.GetMember(name, Members.All).SingleOrDefault().NotNull($"No single provider '{type.Name}.{name}' found");
        if (Members.TypeOf(provider) != typeof(IEnumerable<string>))
            throw new ArgumentException($"Value provider '{name}' must be of type 'IEnumerable<string>'");
        return (IEnumerable<string>)Members.GetValue(provider, build);
    }

    static IEnumerable<string> OfType(Type type) =>
        type.IsSubclassOf(typeof(Enumeration)) ? type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(x => x.Name)
        : type.IsEnum ? type.GetEnumNames()
        : null;

    public static Type ScalarOf(Type type) =>
        Nullable.GetUnderlyingType(type)
        ?? (type.IsArray ? type.GetElementType()
            : type != typeof(string) && ElementOf(type) is { } element ? element
            : type);

    static Type ElementOf(Type type) =>
        type.IsGenericType ? type.GetInterfaces().Append(type).FirstOrDefault(x => x.IsGenericType && x.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0] : null;
}
