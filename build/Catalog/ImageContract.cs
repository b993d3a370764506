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
    Place = Place)]
public static class ImageContract
{
    public const string Name = "contract.yaml";

    public const string Place = "images/<image>/" + Name;

    static readonly YamlShape s_names = YamlShape.Sequence(YamlShape.AnyText);
    static readonly YamlShape s_commands = YamlShape.Sequence(new YamlFields(
        new("run", "The command", s_names, IsRequired: true),
        new("prints", "The last line that it prints", YamlShape.AnyText)));

    static readonly YamlFields s_request = new(
        new("method", "GET, POST and the like", YamlShape.AnyText, IsRequired: true),
        new("url", "What is asked for", YamlShape.AnyText, IsRequired: true),
        new("headers", "What is said besides", YamlShape.Map(null, YamlShape.AnyText, "header")),
        new("body", "What is sent", YamlShape.AnyText),
        new("status", "The number that it answers", YamlShape.Number, IsRequired: true),
        new("header", "A header that the answer has", YamlShape.AnyText),
        new("contains", "A text in the answer", YamlShape.AnyText));

    static readonly YamlFields s_server = new(
        new("configuration", "Files that are written first, by path",
            YamlShape.Map(Names.AbsolutePath, YamlShape.AnyText)),
        new("environment", "Environment variables", YamlShape.Map(Names.Variable, YamlShape.AnyText)),
        new("prepare", "Commands that run one after the other before it starts", YamlShape.Sequence(s_names)),
        new("start", "The server", s_names, IsRequired: true),
        new("requests", "What it is asked, and has to answer", YamlShape.Sequence(s_request), IsRequired: true));

    public static YamlFields Shape { get; } = new(
        new("absent", "Files, as patterns, that the environment does not have", s_names),
        new("capabilities", "Capabilities that the engine gives the container",
            YamlShape.Sequence(YamlShape.Text(Names.Capability))),
        new("commands", "Commands that succeed", s_commands),
        new("devices", "Devices that the container has", YamlShape.Sequence(YamlShape.Text(Names.AbsolutePath))),
        new("files", "Files, as patterns, that the environment has", s_names),
        new("modules", "Modules that can be imported", s_names),
        new("programs", "Programs that are found", s_names),
        new(RootCommands, "Commands that succeed as root", s_commands),
        new("serve", "Servers that start and answer", YamlShape.Sequence(s_server)),
        new("unlisted-options", "Namespaces of oslo.config whose options cannot be listed", s_names),
        new("unrecorded", "Files, as regular expressions, that are in no RECORD", s_names),
        new("unstarted-scripts", "Scripts that are not started to see whether they do", s_names));

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
        if (root is not null) Shape.Check(root, (node, found, expected, remedy) =>
            problems.Add(new Problem(found, file, node.Line, node.Column, expected, remedy)));
        ProblemException.ThrowIfAny(problems);
        return (JsonObject)ToJson(root!, values)!;
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
