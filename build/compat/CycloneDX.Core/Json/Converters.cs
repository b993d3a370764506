using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CycloneDX.Models;

namespace CycloneDX.Json;

/// <summary>A converter for writing alone: nothing here is ever read.</summary>
abstract class WritingConverter<T> : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();
}

/// <summary><c>Operating_System</c> → <c>operating-system</c>.</summary>
sealed class HyphenEnumConverter<T> : WritingConverter<T>
    where T : struct, Enum
{
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString().ToLowerInvariant().Replace('_', '-'));
}

/// <summary><c>Code_Not_Present</c> → <c>code_not_present</c>.</summary>
sealed class UnderscoreEnumConverter<T> : WritingConverter<T>
    where T : struct, Enum
{
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString().ToLowerInvariant());
}

/// <summary><c>SHA_256</c> → <c>SHA-256</c>.</summary>
sealed class AlgorithmConverter : WritingConverter<Hash.HashAlgorithm>
{
    public override void Write(Utf8JsonWriter writer, Hash.HashAlgorithm value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString().Replace('_', '-'));
}

/// <summary>UTC, whole seconds. A time of no kind is taken for UTC.</summary>
sealed class TimeConverter : WritingConverter<DateTime?>
{
    public override void Write(Utf8JsonWriter writer, DateTime? value, JsonSerializerOptions options) =>
        writer.WriteStringValue((value!.Value.Kind == DateTimeKind.Local ? value.Value.ToUniversalTime() : value.Value).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
}

sealed class DependencyConverter : WritingConverter<Dependency>
{
    public override void Write(Utf8JsonWriter writer, Dependency value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("ref", value.Ref);
        if (value.Dependencies is not null)
        {
            writer.WriteStartArray("dependsOn");
            foreach (var dependency in value.Dependencies) writer.WriteStringValue(dependency.Ref);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
