using System.ComponentModel;
using System.Reflection;
using Nuke.Common;
using Nuke.Common.CI.GitHubActions;

namespace OpenStack.Pipeline.Start;

/// <summary>How many values a parameter takes.</summary>
public enum ParameterShape
{
    /// <summary>None, or <c>true</c> or <c>false</c>.</summary>
    Switch,

    /// <summary>Exactly one.</summary>
    Single,

    /// <summary>One or more.</summary>
    List,

    /// <summary>None, one or more.</summary>
    OptionalList,
}

/// <summary>A parameter that the command line, the environment or a parameter file may set.</summary>
/// <param name="Name">As in C# and in parameter files: <c>BaseImage</c>.</param>
/// <param name="Shape">How many values it takes.</param>
/// <param name="Values">Tells the values that it may have, which may take a while; null where nobody knows.</param>
/// <param name="IsBuiltIn">Whether it is NUKE's own.</param>
public sealed record KnownParameter(
    string Name, ParameterShape Shape, Func<IReadOnlyList<string>>? Values = null, bool IsBuiltIn = false)
{
    /// <summary>Whether its values are names of targets.</summary>
    public bool NamesTargets => IsBuiltIn && Name is "Target" or "Skip";

    /// <summary>What it is, and its default.</summary>
    public string Description { get; private init; } = "";

    /// <summary>As on the command line: <c>--base-image</c>.</summary>
    public string Option => "--"
        + string.Concat(Name.Select((x, i) => char.IsUpper(x)
            ? (i > 0 ? "-" : "") + char.ToLowerInvariant(x)
            : x.ToString()));

    /// <summary>Spelling that NUKE compares by: letters and digits, lower case.</summary>
    public static string Fold(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>
    /// NUKE's own parameters (NUKE 10.1), with the values that it checks only when it is too late for a message.
    /// </summary>
    public static IReadOnlyList<KnownParameter> BuiltIn { get; } =
    [
        new("Target", ParameterShape.List, IsBuiltIn: true),
        new("Skip", ParameterShape.OptionalList, IsBuiltIn: true),
        new("Help", ParameterShape.Switch, IsBuiltIn: true),
        new("Plan", ParameterShape.Switch, IsBuiltIn: true),
        new("NoLogo", ParameterShape.Switch, IsBuiltIn: true),
        new("Continue", ParameterShape.Switch, IsBuiltIn: true),
        new("Strict", ParameterShape.Switch, IsBuiltIn: true),
        new("ShellCompletion", ParameterShape.Switch, IsBuiltIn: true),
        new("Verbosity", ParameterShape.Single, Enum.GetNames<Verbosity>, IsBuiltIn: true),
        new("Host", ParameterShape.Single, HostNames, IsBuiltIn: true),
        new("Root", ParameterShape.OptionalList, IsBuiltIn: true),
        new("Profile", ParameterShape.List, IsBuiltIn: true),
        new("Partition", ParameterShape.Single, IsBuiltIn: true),
        new("GenerateConfiguration", ParameterShape.Single, IsBuiltIn: true),
    ];

    /// <summary>The targets that a build class declares itself or inherits from its components.</summary>
    public static IReadOnlyList<string> TargetsOf(Type build) => [.. MembersOf(build)
        .OfType<PropertyInfo>()
        .Where(x => x.PropertyType == typeof(Target))
        .Select(x => x.Name)
        .Distinct()];

    /// <summary>The parameters that a build class declares itself or inherits from its components.</summary>
    public static IReadOnlyList<KnownParameter> Of(Type build) =>
        [.. ComponentsOf(build).SelectMany(DeclaredBy).DistinctBy(x => x.Name)];

    /// <summary>The build class and its components.</summary>
    public static IEnumerable<Type> ComponentsOf(Type build) => build.GetInterfaces().Prepend(build);

    /// <summary>The parameters that one of them declares.</summary>
    public static IReadOnlyList<KnownParameter> DeclaredBy(Type component) =>
    [
        .. MembersDeclaredBy(component)
            .Select(x => (Member: x, Attribute: x.GetCustomAttribute<ParameterAttribute>(inherit: false)))
            .Where(x => x.Attribute is not null)
            .Select(x => Of(x.Member, x.Attribute!)),
    ];

    static IEnumerable<MemberInfo> MembersOf(Type build) => ComponentsOf(build).SelectMany(MembersDeclaredBy);

    static MemberInfo[] MembersDeclaredBy(Type component) => component.GetMembers(BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);

    static KnownParameter Of(MemberInfo member, ParameterAttribute attribute)
    {
        var type = member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;
        var element = type.IsArray ? type.GetElementType()! : Nullable.GetUnderlyingType(type) ?? type;
        var shape = type.IsArray
            ? ParameterShape.List : element == typeof(bool) ? ParameterShape.Switch : ParameterShape.Single;
        return new KnownParameter(attribute.Name ?? member.Name, shape,
            element.IsEnum ? () => Enum.GetNames(element) : null)
        {
            Convert = ConverterOf(element),
            Description = attribute.Description ?? "",
        };
    }

    /// <summary>Tells what is wrong with a value, or null.</summary>
    public Func<string, string?> Convert { get; private init; } = _ => null;

    static Func<string, string?> ConverterOf(Type type)
    {
        if (type == typeof(string) || type.IsEnum || type == typeof(bool) || !type.IsPrimitive) return _ => null;
        return value =>
        {
            try
            {
                TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value);
                return null;
            }
            catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException)
            {
                return "a whole number";
            }
        };
    }

    /// <summary>
    /// NUKE takes every host there is; those of build servers are in another assembly than their base class.
    /// </summary>
    static string[] HostNames() =>
    [
        .. ((Type[])[typeof(Host), typeof(GitHubActions)]).Select(x => x.Assembly).Distinct()
            .SelectMany(x => x.GetExportedTypes()).Where(x => x.IsSubclassOf(typeof(Host)))
            .Select(x => x.Name).Order(StringComparer.Ordinal),
    ];
}
