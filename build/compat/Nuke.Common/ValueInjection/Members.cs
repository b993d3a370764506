using System.Linq.Expressions;
using System.Reflection;

namespace Nuke.Common.ValueInjection;

/// <summary>Fields and properties: their names, types and values.</summary>
static class Members
{
    public const BindingFlags OfInstance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    public const BindingFlags All = OfInstance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    public static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>Without the interface that an explicit implementation names.</summary>
    public static string ShortName(MemberInfo member) => member.Name[(member.Name.LastIndexOf('.') + 1)..];

    public static string DisplayName(MemberInfo member) => $"{DisplayName(member.DeclaringType)}.{ShortName(member)}";

    /// <summary>As C# writes the type.</summary>
    public static string DisplayName(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return DisplayName(underlying) + "?";
        if (type.IsArray)
            return DisplayName(type.GetElementType()) + "[]";
        if (type.IsGenericType)
            return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(DisplayName))}>";
        if (type.IsEnum)
            return type.Name;
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "bool",
            TypeCode.Byte => "byte",
            TypeCode.Char => "char",
            TypeCode.Decimal => "decimal",
            TypeCode.Double => "double",
            TypeCode.Int16 => "short",
            TypeCode.Int32 => "int",
            TypeCode.Int64 => "long",
            TypeCode.SByte => "sbyte",
            TypeCode.Single => "float",
            TypeCode.String => "string",
            TypeCode.UInt16 => "ushort",
            TypeCode.UInt32 => "uint",
            TypeCode.UInt64 => "ulong",
            _ => type == typeof(object) ? "object" : type.DeclaringType is { } outer ? $"{DisplayName(outer)}.{type.Name}" : type.Name
        };
    }

    public static object GetValue(MemberInfo member, object instance) => member switch
    {
        FieldInfo field => field.GetValue(field.IsStatic ? null : instance),
        PropertyInfo property => property.GetValue(property.GetMethod!.IsStatic ? null : instance),
        _ => throw new NotSupportedException(member.ToString())
    };

    /// <summary>Also of properties without a setter, by their backing field.</summary>
    public static void SetValue(MemberInfo member, object instance, object value)
    {
        var field = member as FieldInfo ?? member.DeclaringType!.GetField($"<{member.Name}>k__BackingField", All);
        if (field is not null)
        {
            field.SetValue(field.IsStatic ? null : instance, value);
            return;
        }

        var property = (PropertyInfo)member;
        if (property.SetMethod is null)
            throw new ArgumentException($"Property '{member.Name}' is not settable");
        property.SetValue(property.SetMethod.IsStatic ? null : instance, value);
    }

    /// <summary>The value that a property or its default in an interface has, past any override.</summary>
    public static T GetValueNonVirtual<T>(PropertyInfo property, object instance)
    {
        var getter = property.GetMethod!.MethodHandle.GetFunctionPointer();
        return ((Func<T>)Activator.CreateInstance(typeof(Func<T>), instance, getter)!)();
    }

    /// <summary>The member that a lambda like <c>() => Member</c> or <c>x => x.Member</c> names.</summary>
    public static MemberInfo Of(LambdaExpression lambda) => Access(lambda).Member;

    /// <summary>The object whose member a lambda names; null if static or not a constant.</summary>
    public static object TargetOf(LambdaExpression lambda) => (Access(lambda).Expression as ConstantExpression)?.Value;

    static MemberExpression Access(LambdaExpression lambda) =>
        (lambda.Body is UnaryExpression conversion ? conversion.Operand : lambda.Body) as MemberExpression
        ?? throw new ArgumentException($"'{lambda}' does not name a member");
}
