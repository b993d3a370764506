using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace Nuke.Common.ValueInjection;

/// <summary>Text to values of the types a parameter can have.</summary>
static class ValueConversion
{
    /// <summary>
    /// No value at all is an empty array, <paramref name="emptyBoolean"/> or null. Anything but an array takes one value.
    /// </summary>
    public static object Convert(IReadOnlyList<string> values, Type type, bool emptyBoolean)
    {
        if (type.IsArray)
            return ConvertAll(values, type.GetElementType()!);
        return values.Count switch
        {
            0 => type == typeof(bool) || type == typeof(bool?) ? emptyBoolean : null,
            1 => Convert(values[0], type),
            _ => throw new ArgumentException($"Value [ {string.Join(", ", values)} ] cannot be assigned to '{Members.DisplayName(type)}'")
        };
    }

    public static object Convert(string value, Type type)
    {
        if (type == typeof(string))
            return value;
        try
        {
            return ConvertScalar(value, Nullable.GetUnderlyingType(type) ?? type);
        }
        catch (Exception)
        {
            throw new Exception($"Value '{value}' could not be converted to '{Members.DisplayName(type)}'");
        }
    }

    public static object DefaultOf(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    public static Type NullableOf(Type type) =>
        type.IsValueType && Nullable.GetUnderlyingType(type) is null ? typeof(Nullable<>).MakeGenericType(type) : type;

    static Array ConvertAll(IReadOnlyList<string> values, Type elementType)
    {
        var array = Array.CreateInstance(elementType, values.Count);
        for (var i = 0; i < values.Count; i++)
            array.SetValue(Convert(values[i], elementType), i);
        return array;
    }

    // The common types first: looking a converter up by TypeDescriptor takes a noticeable part of the start-up time.
    static object ConvertScalar(string value, Type type)
    {
        if (type == typeof(bool))
            return bool.Parse(value);
        if (type == typeof(int) && int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
            return number;
        if (type.IsEnum)
            return Enum.Parse(type, value, ignoreCase: true);
        var converter = type.GetCustomAttribute<TypeConverterAttribute>() is { } attribute
            ? (TypeConverter)Activator.CreateInstance(Type.GetType(attribute.ConverterTypeName, throwOnError: true)!)!
            : TypeDescriptor.GetConverter(type);
        return converter.ConvertFromInvariantString(value);
    }
}
