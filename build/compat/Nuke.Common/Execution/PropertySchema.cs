using System.Text.Json;

namespace Nuke.Common.Execution;

/// <summary>The schema of one parameter or of the elements of one.</summary>
sealed class PropertySchema
{
    public string[] Types { get; set; } = [];
    public string Description { get; set; }
    public string Format { get; init; }
    public string Default { get; set; }
    public PropertySchema Items { get; init; }
    public IReadOnlyList<string> Values { get; set; }
    public string Definition { get; init; }

    public static string Reference(string definition) => $"#/definitions/{definition}";

    /// <summary>A definition: a string that is one of the values.</summary>
    public static void WriteEnum(Utf8JsonWriter writer, string description, IEnumerable<string> values)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "string");
        if (description is not null)
            writer.WriteString("description", description);
        WriteStrings(writer, "enum", values.ToArray());
        writer.WriteEndObject();
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Types.Length == 1)
            writer.WriteString("type", Types[0]);
        else
            WriteStrings(writer, "type", Types);
        WriteIfGiven(writer, "description", Description);
        WriteIfGiven(writer, "format", Format);
        WriteIfGiven(writer, "default", Default);
        if (Items is not null)
        {
            writer.WritePropertyName("items");
            Items.Write(writer);
        }

        WriteStrings(writer, "enum", Values ?? []);
        WriteIfGiven(writer, "$ref", Definition is null ? null : Reference(Definition));
        writer.WriteEndObject();
    }

    static void WriteIfGiven(Utf8JsonWriter writer, string name, string value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    static void WriteStrings(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
