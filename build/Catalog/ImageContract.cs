using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary>
/// <c>images/&lt;image&gt;/contract.yaml</c>: what must hold for an image beyond what holds for every image. It is data
/// for the probe that runs inside the image, so it is read into JSON as it is, after its keys have been checked.
/// </summary>
[DescribedFile("What TestImage checks beyond what holds for every image; `contract.<option>.yaml` is an option of the "
    + "image, and what that must do",
    Place = "images/<image>/" + Name)]
public static class ImageContract
{
    public const string Name = "contract.yaml";

    /// <summary>The keys that may be in it, by place; a list is read item by item.</summary>
    static readonly Dictionary<string, string[]> s_keys = new()
    {
        [""] = ["absent", "capabilities", "commands", "devices", "files", "modules", "programs", RootCommands, "serve",
            "unlisted-options", "unrecorded", "unstarted-scripts"],
        ["commands"] = ["run", "prints"],
        [RootCommands] = ["run", "prints"],
        ["serve"] = ["configuration", "environment", "prepare", "start", "requests"],
        ["serve.requests"] = ["method", "url", "headers", "body", "status", "header", "contains"],
    };

    /// <summary>Python that contracts of a kind of images share, and name as <c>{contract.py}</c>.</summary>
    public const string SharedCode = "contract.py";

    /// <summary>What root alone can do in the image, in a container of its own.</summary>
    public const string RootCommands = "root-commands";

    /// <summary>The file of an option: <c>contract.apache.yaml</c>.</summary>
    public static string NameOf(string option) => $"contract.{option}.yaml";

    /// <summary>The option that a file is of; null of other files.</summary>
    public static string? OptionOf(string file) =>
        file.Split('.') is ["contract", { Length: > 0 } option, "yaml"] ? option : null;

    /// <summary>The contract of an image; an empty one where the image has none.</summary>
    /// <param name="imageDirectory">Directory of the image.</param>
    /// <param name="values">What <c>{name}</c> in a text of the contract stands for.</param>
    /// <param name="options">The options that the image has: what their files say is added.</param>
    /// <exception cref="ProblemException">All mistakes in the files.</exception>
    public static JsonObject Read(AbsolutePath imageDirectory, IReadOnlyDictionary<string, string> values,
        params IReadOnlyList<string> options)
    {
        var contract = new JsonObject();
        foreach (var part in Problems.Collect(options.Select(NameOf).Prepend(Name),
            x => ReadFile(imageDirectory, x, values)))
            foreach (var (key, items) in part)
                contract[key] = contract[key] is JsonArray before && items is JsonArray more
                    ? new JsonArray([.. before.Concat(more).Select(x => x?.DeepClone())])
                    : items?.DeepClone();
        return contract;
    }

    /// <summary>The files that it is read from, as far as they are there.</summary>
    public static IReadOnlyList<AbsolutePath> FilesOf(AbsolutePath imageDirectory,
        params IReadOnlyList<string> options) =>
        [.. options.Select(NameOf).Prepend(Name).Select(x => imageDirectory / x).Where(x => File.Exists(x))];

    static JsonObject ReadFile(AbsolutePath imageDirectory, string name, IReadOnlyDictionary<string, string> values)
    {
        var file = imageDirectory / name;
        if (!File.Exists(file)) return [];
        var shown = $"images/{imageDirectory.Name}/{name}";
        return Parse(Utf8File.Read(file, shown), shown, values);
    }

    /// <inheritdoc cref="Read"/>
    /// <param name="text">Text of the file.</param>
    /// <param name="file">The file's name in messages.</param>
    public static JsonObject Parse(string text, string file, IReadOnlyDictionary<string, string> values)
    {
        var problems = new List<Problem>();
        var root = YamlFile.Read(text, file, problems);
        if (root is not null and not YamlMapping)
            problems.Add(new Problem($"this is {root.Kind}", file, root.Line, root.Column, "a mapping"));
        if (root is not null) CheckKeys(root, "", file, problems);
        ProblemException.ThrowIfAny(problems);
        return (JsonObject)ToJson(root!, values)!;
    }

    static void CheckKeys(YamlNode node, string place, string file, List<Problem> problems)
    {
        if (node is YamlSequence sequence)
        {
            foreach (var item in sequence.Items) CheckKeys(item, place, file, problems);
        }
        else if (node is YamlMapping mapping)
        {
            var known = s_keys.GetValueOrDefault(place);
            foreach (var (key, value) in mapping.Entries)
            {
                if (known is not null && !known.Contains(key.Value))
                {
                    problems.Add(new Problem($"'{key.Value}' is not known here", file, key.Line, key.Column,
                        string.Join(", ", known), Suggest.DidYouMean(key.Value, known)));
                }

                CheckKeys(value, place.Length == 0 ? key.Value : $"{place}.{key.Value}", file, problems);
            }
        }
    }

    static JsonNode? ToJson(YamlNode node, IReadOnlyDictionary<string, string> values) => node switch
    {
        YamlMapping x =>
            new JsonObject(x.Entries.Select(e => KeyValuePair.Create(e.Key.Value, ToJson(e.Value, values)))),
        YamlSequence x => new JsonArray([.. x.Items.Select(i => ToJson(i, values))]),
        YamlScalar { IsPlain: true } x when int.TryParse(x.Value, out var number) => number,
        YamlScalar x => values.Aggregate(x.Value,
            (text, value) => text.Replace($"{{{value.Key}}}", value.Value, StringComparison.Ordinal)),
        _ => null,
    };
}
