using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Nuke.Common.Tooling;

/// <summary>
/// An enumeration with texts for values: its members are the public static fields of the derived class, which a parameter
/// takes by name if the class carries <c>[TypeConverter(typeof(TypeConverter&lt;Class&gt;))]</c>.
/// </summary>
[DebuggerDisplay("{Value}")]
public abstract class Enumeration
{
    protected string Value { get; set; }

    public static implicit operator string(Enumeration value) => value?.Value;

    public static bool operator ==(Enumeration a, Enumeration b) => Equals(a, b);

    public static bool operator !=(Enumeration a, Enumeration b) => !Equals(a, b);

    protected bool Equals(Enumeration other) => string.Equals(Value, other.Value, StringComparison.Ordinal);

    public override bool Equals(object obj) => obj is Enumeration other && other.GetType() == GetType() && Equals(other);

    public override int GetHashCode() => Value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public override string ToString() => Value;

    /// <summary>Reads the name of a member; letter case does not matter.</summary>
    public class TypeConverter<T> : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value)
        {
            if (value is not string name)
                return base.ConvertFrom(context, culture, value);
            var matches = typeof(T).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                .Where(x => x.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                .ToArray();
            Assert.HasSingleItem(matches);
            return matches[0].GetValue(null);
        }
    }
}
