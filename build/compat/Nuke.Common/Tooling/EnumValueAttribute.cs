using System.Reflection;

namespace Nuke.Common.Tooling;

/// <summary>How a member of an enumeration is written outside of C#.</summary>
[AttributeUsage(AttributeTargets.Field)]
public class EnumValueAttribute : Attribute
{
    public EnumValueAttribute(string value) => Value = value;

    public string Value { get; }
}

/// <summary>Reads <see cref="EnumValueAttribute"/>.</summary>
public static class EnumerationExtensions
{
    public static string GetValue<T>(this T value)
        where T : Enum =>
        typeof(T).GetField(value.ToString())?.GetCustomAttribute<EnumValueAttribute>()?.Value ?? value.ToString();
}
