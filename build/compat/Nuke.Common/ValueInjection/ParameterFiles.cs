using System.Text.Json;
using Nuke.Common.CI;
using Nuke.Common.IO;

namespace Nuke.Common.ValueInjection;

/// <summary>
/// .nuke/parameters.json and the files of the profiles, the last profile first. They are read when the first value is looked
/// up; a profile without a file is an error of every look-up.
/// </summary>
sealed class ParameterFiles(AbsolutePath rootDirectory, string[] profiles, Func<IReadOnlyCollection<Injection>> injections)
{
    List<ParameterFile> files;

    public object Get(string name, Type type)
    {
        files ??= Read();
        foreach (var file in files)
        {
            if (file.Content.TryGetProperty(name, out var value))
                return Convert(name, value, type, file.Profile);
        }

        return null;
    }

    List<ParameterFile> Read()
    {
        var directory = rootDirectory / ".nuke";
        var result = new List<ParameterFile>();
        for (var i = profiles.Length - 1; i >= 0; i--)
            result.Add(new(Parse(directory / $"parameters.{profiles[i]}.json"), profiles[i]));
        var file = directory / "parameters.json";
        if (file.FileExists())
            result.Add(new(Parse(file), null));
        return result;
    }

    static JsonElement Parse(AbsolutePath file)
    {
        Assert.FileExists(file);
        using var document = JsonDocument.Parse(
            File.ReadAllText(file),
            new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return document.RootElement.Clone();
    }

    object Convert(string name, JsonElement value, Type type, string profile)
    {
        var parameter = injections().FirstOrDefault(x => name.Equals(x.ParameterName, StringComparison.OrdinalIgnoreCase));
        if (parameter?.IsSecret == true && !BuildServerConfigurationGeneration.IsActive)
            return Secrets.Decrypt(value.GetString(), name, profile, rootDirectory);
        if (parameter is not null && typeof(IAbsolutePathHolder).IsAssignableFrom(ValueSet.ScalarOf(parameter.Type)))
            return value.GetString() is { } path ? PathConstruction.HasPathRoot(path) ? (AbsolutePath)path : rootDirectory / path : null;
        return Convert(value, type);
    }

    static object Convert(JsonElement value, Type type)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.Array when type.IsArray:
                var elements = value.EnumerateArray().Select(x => Convert(x, type.GetElementType()!)).ToArray();
                var array = Array.CreateInstance(type.GetElementType()!, elements.Length);
                elements.CopyTo(array, 0);
                return array;
            case JsonValueKind.Array or JsonValueKind.Object:
                return value.Deserialize(type);
            default:
                if (type.IsArray)
                    throw new ArgumentException($"Value '{value}' cannot be assigned to '{Members.DisplayName(type)}'");
                return ValueConversion.Convert(value.ToString(), type);
        }
    }

    sealed record ParameterFile(JsonElement Content, string Profile);
}
