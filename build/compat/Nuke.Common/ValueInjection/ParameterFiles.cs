using System.Reflection;
using System.Text.Json;
using Nuke.Common.IO;

namespace Nuke.Common.ValueInjection;

/// <summary>
/// .nuke/parameters.json and the files of the profiles, the last profile first. They are read when the first value is looked
/// up; a profile without a file is an error of every look-up.
/// </summary>
sealed class ParameterFiles(AbsolutePath rootDirectory, string[] profiles, Func<IReadOnlyCollection<MemberInfo>> parameterMembers)
{
    readonly List<(JsonElement Content, string Profile)> files = [];
    bool isRead;

    public object Get(string name, Type type)
    {
        if (!isRead)
            Read();
        foreach (var (content, profile) in files)
        {
            if (content.TryGetProperty(name, out var value))
                return Convert(name, value, type, profile);
        }

        return null;
    }

    void Read()
    {
        files.Clear();
        var directory = rootDirectory / ".nuke";
        foreach (var profile in profiles.Reverse())
            files.Add((Parse(directory / $"parameters.{profile}.json"), profile));
        var file = directory / "parameters.json";
        if (file.FileExists())
            files.Add((Parse(file), null));
        isRead = true;
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
        var member = parameterMembers().SingleOrDefault(x => Parameters.NameOf(x).Equals(name, StringComparison.OrdinalIgnoreCase));
        if (member?.IsDefined(typeof(SecretAttribute)) == true)
            return Secrets.Decrypt(value.GetString(), name, profile, rootDirectory);
        if (member is not null && typeof(IAbsolutePathHolder).IsAssignableFrom(Members.TypeOf(member)))
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
}
