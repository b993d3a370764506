using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>What an image has, as far as its tags tell.</summary>
/// <param name="Python">Version of the distribution's interpreter, <c>3.12</c>; null without one.</param>
/// <param name="Codename">
/// Codename of the distribution (os-release, <c>VERSION_CODENAME</c>); null where it says none.
/// </param>
/// <param name="Distributions">Python distributions of the virtual environment.</param>
public sealed partial record ImageContents(string? Python, string? Codename, IReadOnlySet<PythonName> Distributions)
{
    /// <summary>
    /// What was read of an image's layers, once: it is remembered beside the layout for as long as that is the same
    /// image.
    /// </summary>
    /// <exception cref="ProblemException">A layer cannot be read.</exception>
    public static ImageContents Of(OciLayout layout)
    {
        AbsolutePath file = $"{layout.Directory}.contents.json";
        if (Remembered(file) is { } known && known.Image == layout.Digest)
            return new ImageContents(known.Python, known.Codename,
                known.Distributions.Select(PythonName.Of).ToHashSet());
        var contents = Read(layout);
        AtomicFile.WriteText(file, JsonSerializer.Serialize(
            new RememberedContents(layout.Digest, contents.Python, contents.Codename,
                [.. contents.Distributions.Select(x => x.Value).Order(StringComparer.Ordinal)]),
            RememberedContentsJson.Default.RememberedContents));
        return contents;
    }

    static RememberedContents? Remembered(AbsolutePath file)
    {
        try
        {
            return File.Exists(file)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(file), RememberedContentsJson.Default.RememberedContents)
                : null;
        }
        catch (JsonException)
        {
            // It only saves time.
            return null;
        }
    }

    static ImageContents Read(OciLayout layout)
    {
        var tree = ImageTree.Read(layout, layout.ReadManifest(), OsRelease.IsPath);
        return new ImageContents(
            tree.Files("usr/bin")
                .Select(x => Interpreter().Match(x.Path))
                .LastOrDefault(x => x.Success)?.Groups["version"].Value,
            OsRelease.Of(tree)?.Codename,
            tree.Files("var/lib/openstack/lib")
                .Select(x => Metadata().Match(x.Path))
                .Where(x => x.Success)
                .Select(x => PythonName.Of(x.Groups["name"].Value))
                .ToHashSet());
    }

    [GeneratedRegex(@"^usr/bin/python(?<version>3\.[0-9]+)\z")]
    private static partial Regex Interpreter();

    [GeneratedRegex(
        @"^var/lib/openstack/lib/python3\.[0-9]+/site-packages/(?<name>[^/-]+)-[^/]+\.dist-info/METADATA\z")]
    private static partial Regex Metadata();
}

/// <param name="Image">Digest of the image.</param>
sealed record RememberedContents(string Image, string? Python, string? Codename, string[] Distributions);

[JsonSerializable(typeof(RememberedContents))]
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
sealed partial class RememberedContentsJson : JsonSerializerContext;
