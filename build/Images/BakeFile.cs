using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Nuke.Common.IO;

namespace OpenStack.Images;

/// <summary>One image of a BuildKit graph, in the terms of <c>docker buildx bake</c>.</summary>
public sealed record BakeTarget
{
    /// <summary>Directory of the Dockerfile.</summary>
    public required string Context { get; init; }

    /// <summary>
    /// Named contexts, which a target does not hand on to those that are made of it: directory, <c>docker-image://</c>,
    /// <c>oci-layout://</c> or <c>target:</c> another target.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Contexts { get; init; }

    public required IReadOnlyDictionary<string, string> Args { get; init; }

    /// <summary>The Dockerfile itself, where it is none of the directory's.</summary>
    public string? DockerfileInline { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Annotations => [.. Labels.Select(x => $"manifest:{x.Key}={x.Value}")];

    public IReadOnlyList<string> Platforms { get; init; } = [];

    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>Where its output leaves files, their directory.</summary>
    [JsonIgnore]
    public AbsolutePath? Files { get; init; }

    public IReadOnlyList<string>? CacheFrom { get; init; }

    public IReadOnlyList<string>? CacheTo { get; init; }

    /// <summary>
    /// Files that steps may mount by their names and that are never written: <c>id=ca-bundle,src=…</c>.
    /// </summary>
    public IReadOnlyList<string>? Secret { get; init; }

    /// <summary>
    /// Network of RUN instructions: <c>default</c>, <c>host</c> or <c>none</c>. See <see cref="BakeFile.ToCompose"/>.
    /// </summary>
    [JsonIgnore]
    public string? Network { get; init; }

    /// <summary>
    /// Provenance made by BuildKit carries the time of the build, which would move the digest; ours is made later.
    /// </summary>
    public IReadOnlyList<string> Attest => ["type=provenance,disabled=true"];

    /// <summary>The files of a directory, for other targets of the graph.</summary>
    public static BakeTarget OfDirectory(string directory) => new()
    {
        Context = directory,
        Contexts = new Dictionary<string, string>(),
        Args = new Dictionary<string, string>(),
        DockerfileInline = "FROM scratch\nCOPY . /\n",
        Output = [BakeFile.NoOutput],
    };
}

/// <summary>A BuildKit graph as a file for <c>docker buildx bake</c>.</summary>
public static partial class BakeFile
{
    static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>
    /// Bake's target names may hold letters, digits, <c>-</c> and <c>_</c> only: <c>keystone-2025_1</c>.
    /// </summary>
    public static string TargetName(string image, string? release = null) =>
        NotInNames().Replace(release is null ? image : $"{image}-{release}", "_");

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex NotInNames();

    /// <summary>
    /// Output that leaves an OCI layout in <paramref name="directory"/>. Layers are packed later, see
    /// <see cref="Oci.ReproducibleImage"/>.
    /// </summary>
    public static string LayoutOutput(string directory) =>
        $"type=oci,tar=false,compression=uncompressed,\"dest={directory}\"";

    /// <summary>
    /// Output of a target that only others are made of; without any, the engine would make an image of it.
    /// </summary>
    public const string NoOutput = "type=cacheonly";

    /// <summary>Output that leaves the files of the last stage in <paramref name="directory"/>.</summary>
    public static string DirectoryOutput(string directory) => $"type=local,\"dest={directory}\"";

    /// <summary>
    /// Makes a target of the directory that several targets have as the same named context. Each of them would take it
    /// in by itself, which with many files is most of what it does.
    /// </summary>
    public static IReadOnlyDictionary<string, BakeTarget> ShareDirectory(
        IReadOnlyDictionary<string, BakeTarget> targets, string context)
    {
        var directories = targets.Values.Select(x => x.Contexts.GetValueOrDefault(context)).OfType<string>().ToList();
        if (directories.Count < 2 || directories.Distinct().Count() > 1) return targets;
        return new Dictionary<string, BakeTarget>(targets.Select(x => x.Value.Contexts.ContainsKey(context)
            ? KeyValuePair.Create(x.Key, x.Value with
            {
                Contexts = new Dictionary<string, string>(x.Value.Contexts) { [context] = $"target:{context}" },
            })
            : x).Prepend(KeyValuePair.Create(context, BakeTarget.OfDirectory(directories[0]))));
    }

    /// <param name="variables">What bake reads from its environment.</param>
    public static string ToJson(IReadOnlyDictionary<string, BakeTarget> targets,
        params IReadOnlyList<string> variables)
    {
        var file = new Dictionary<string, object>
        {
            ["group"] = new Dictionary<string, object> { ["default"] = new { targets = targets.Keys } },
            ["target"] = targets.ToDictionary(x => x.Key, x => x.Value with
            {
                DockerfileInline = AsText(x.Value.DockerfileInline),
            }),
        };
        // None would be a mistake to bake.
        if (variables.Count > 0) file["variable"] = variables.ToDictionary(x => x, _ => new { @default = "" });
        return JsonSerializer.Serialize(file, s_json);
    }

    /// <summary>
    /// Bake takes <c>${…}</c> and <c>%{…}</c> for its own (HCL, "Template Expressions"); a Dockerfile means itself.
    /// </summary>
    static string? AsText(string? value) => value?
        .Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal);

    /// <summary>
    /// The part of the graph that bake files could not say before buildx 0.15, as a Compose file (JSON is YAML): the
    /// network. Bake merges it with the bake file. Null where no target asks for one.
    /// </summary>
    public static string? ToCompose(IReadOnlyDictionary<string, BakeTarget> targets) =>
        targets.Values.All(x => x.Network is null)
            ? null
            : JsonSerializer.Serialize(new
            {
                services = targets.ToDictionary(x => x.Key,
                    x => new { build = new { context = x.Value.Context, network = x.Value.Network } }),
            }, s_json);
}
