using System.ComponentModel;
using System.Globalization;

namespace Nuke.Common.CI;

/// <summary>One of several equal parts of the work, written <c>part/total</c>.</summary>
[TypeConverter(typeof(TypeConverter))]
public class Partition
{
    public static Partition Single { get; } = new() { Part = 1, Total = 1 };

    public int Part { get; set; }
    public int Total { get; set; }

    public bool IsIn(int part) => Total == 1 || part == Part;

    /// <summary>Every <see cref="Total"/>-th item, beginning with item number <see cref="Part"/>.</summary>
    public IEnumerable<T> GetCurrent<T>(IEnumerable<T> enumerable) => enumerable.Where((_, i) => i % Total == Part - 1);

    public override string ToString() => $"{Part}/{Total}";

    /// <summary>Reads <c>part/total</c>.</summary>
    public class TypeConverter : System.ComponentModel.TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value)
        {
            if (value is not string text)
                return base.ConvertFrom(context, culture, value);
            var parts = text.Split('/');
            Assert.True(parts.Length == 2, $"Partition '{text}' is not of the form 'part/total'");
            return new Partition { Part = int.Parse(parts[0], CultureInfo.InvariantCulture), Total = int.Parse(parts[1], CultureInfo.InvariantCulture) };
        }
    }
}
