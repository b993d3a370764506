using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>
/// The JSON schema of a build's parameters (draft 4), byte for byte as the original's generator writes it: definitions in the
/// order the sorted parameters first use them, and the build's own parameters apart from the engine's.
/// </summary>
sealed class BuildSchema(INukeBuild build)
{
    readonly Dictionary<string, Action<Utf8JsonWriter>> definitions = [];

    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    void Write(Utf8JsonWriter writer)
    {
        var parameters = ValueInjector.ParametersOf(build.GetType());
        var schemas = parameters.Select(SchemaOf).ToArray();

        writer.WriteStartObject();
        writer.WriteString("$schema", "http://json-schema.org/draft-04/schema#");
        writer.WriteStartObject("definitions");
        foreach (var (name, write) in definitions)
        {
            writer.WritePropertyName(name);
            write(writer);
        }

        writer.WritePropertyName(nameof(NukeBuild));
        WriteProperties(writer, parameters, schemas, ofEngine: true);
        writer.WriteEndObject();

        writer.WriteStartArray("allOf");
        WriteProperties(writer, parameters, schemas, ofEngine: false);
        writer.WriteStartObject();
        writer.WriteString("$ref", PropertySchema.Reference(nameof(NukeBuild)));
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void WriteProperties(Utf8JsonWriter writer, IReadOnlyList<Injection> parameters, PropertySchema[] schemas, bool ofEngine)
    {
        writer.WriteStartObject();
        if (parameters.Any(x => x.IsOfEngine == ofEngine))
        {
            writer.WriteStartObject("properties");
            for (var i = 0; i < schemas.Length; i++)
            {
                if (parameters[i].IsOfEngine != ofEngine)
                    continue;
                writer.WritePropertyName(parameters[i].ParameterName);
                schemas[i].Write(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    PropertySchema SchemaOf(Injection parameter)
    {
        var type = parameter.Type;
        var isPlain = parameter.Attribute.GetType() == typeof(ParameterAttribute);
        var schema = isPlain ? SchemaOf(type) : new PropertySchema { Types = ["string"] };
        schema.Description = parameter.Description;
        schema.Default = parameter.IsSecret ? "Secrets must be entered via 'nuke :secrets [profile]'" : null;
        if (!type.IsEnum && Nullable.GetUnderlyingType(type)?.IsEnum != true && ValueSet.Of(parameter.Member, build) is { } values)
            (schema.Items ?? schema).Values = values;
        if (Nullable.GetUnderlyingType(type) is not null)
            schema.Types = schema.Types.Append("null").Order(StringComparer.Ordinal).ToArray();
        return schema;
    }

    PropertySchema SchemaOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var element = ValueSet.ScalarOf(type);
        if (element != type)
            return new() { Types = ["array"], Items = SchemaOf(element) };
        if (type.IsEnum)
            return Define(type.Name, writer => PropertySchema.WriteEnum(writer, "", type.GetEnumNames()));
        if (type == typeof(ExecutableTarget))
            return Define(type.Name, writer => PropertySchema.WriteEnum(writer, null, TargetFactory.PropertiesOf(build.GetType()).Select(Members.ShortName).Order()));
        if (type == typeof(Host))
            return Define(type.Name, writer => PropertySchema.WriteEnum(writer, null, Hosts.Names));
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => new() { Types = ["boolean"] },
            TypeCode.Int32 => new() { Types = ["integer"], Format = "int32" },
            TypeCode.Int64 => new() { Types = ["integer"], Format = "int64" },
            TypeCode.Byte or TypeCode.SByte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.UInt32 or TypeCode.UInt64 => new() { Types = ["integer"] },
            TypeCode.Single => new() { Types = ["number"], Format = "float" },
            TypeCode.Double => new() { Types = ["number"], Format = "double" },
            TypeCode.Decimal => new() { Types = ["number"], Format = "decimal" },
            _ => new() { Types = ["string"] }
        };
    }

    PropertySchema Define(string name, Action<Utf8JsonWriter> write)
    {
        definitions.TryAdd(name, write);
        return new() { Definition = name };
    }
}
