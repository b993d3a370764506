using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpenStack.Diagnostics;
using OpenStack.Sbom;
using OpenStack.Sources;

namespace OpenStack.Holdings;

/// <summary>A patch that a component is built with.</summary>
/// <param name="Name">Of its file; its number where nobody says it.</param>
/// <param name="Digest">Of its text; null where the SBOM has none.</param>
/// <param name="Text">Its bytes, one a character; null where the SBOM has none.</param>
/// <param name="Resolves">Vulnerabilities and bugs that it is said to resolve.</param>
public sealed record HeldPatch(string Name, string? Digest, string? Text, string[] Resolves)
{
    /// <summary>Who changed what, and why; of one without a text, nothing.</summary>
    [JsonIgnore]
    public PatchHeader Header => PatchHeader.Parse(Text ?? "");
}

/// <summary>A component of an image.</summary>
/// <param name="Key">What it is, whatever its version: its purl without version and qualifiers.</param>
/// <param name="Commit">That it is built from; null of what is not built from source.</param>
/// <param name="Remote">Where that is.</param>
/// <param name="How">How it came into the image.</param>
public sealed record HeldComponent(string Key, string Name, string Version, string? Commit, string? Remote, string How,
    HeldPatch[] Patches);

/// <summary>What the SBOM of one platform of an image says, as far as anybody asks for it.</summary>
/// <param name="Image">The image that it is of, without tag and digest.</param>
/// <param name="Digest">Of the manifest of the platform.</param>
public sealed record HeldImage(string Image, string Platform, string Digest, HeldComponent[] Components)
{
    /// <param name="shownAs">What the document is called.</param>
    /// <exception cref="ProblemException">It is no CycloneDX document.</exception>
    public static HeldImage Read(string image, string platform, string text, string shownAs) =>
        BomJson.Read(text, shownAs, document =>
        {
            var subject = BomJson.SubjectOf(document);
            return new HeldImage(image, platform.Length > 0 ? platform
                : BomJson.QualifierOf(BomJson.Text(subject, "purl"), "arch") ?? "", BomJson.DigestOf(subject) ?? "",
                [.. BomJson.Components(document, ComponentOf)]);
        });

    static HeldComponent ComponentOf(JsonElement json)
    {
        var purl = BomJson.Text(json, "purl");
        var pedigree = BomJson.Member(json, "pedigree");
        var commit = FirstOf(pedigree, "commits", "uid");
        var properties = BomJson.PropertiesOf(json);
        var patches = PatchesOf(pedigree, properties);
        return new HeldComponent(BomJson.KeyOf(json), BomJson.Text(json, "name") ?? "",
            BomJson.Text(json, "version") ?? "", commit,
            RemoteOf(purl) ?? RemoteOf(FirstOf(pedigree, "ancestors", "purl")),
            HowOf(purl, commit, patches.Length, properties), patches);
    }

    static string? FirstOf(JsonElement json, string list, string name)
    {
        foreach (var item in BomJson.Items(json, list)) return BomJson.Text(item, name);
        return null;
    }

    static HeldPatch[] PatchesOf(JsonElement pedigree, Dictionary<string, string> properties)
    {
        var named = properties.Where(x => x.Key.StartsWith(BomProperties.Patch, StringComparison.Ordinal)).ToList();
        if (pedigree.ValueKind != JsonValueKind.Object && named.Count == 0) return [];
        var names = named
            .DistinctBy(x => x.Value).ToDictionary(x => x.Value, x => x.Key[BomProperties.Patch.Length..]);
        var said = BomJson.Items(pedigree, "patches").Select((x, i) =>
        {
            var bytes = BytesOf(BomJson.Member(BomJson.Member(x, "diff"), "text"));
            var digest = bytes is null ? null : Storage.Digest.OfBytes(bytes);
            return new HeldPatch(digest is not null && names.Remove(digest, out var name) ? name : $"patch {i + 1}",
                digest, bytes is null ? null : Encoding.Latin1.GetString(bytes),
                [.. BomJson.Items(x, "resolves").Select(y => BomJson.Text(y, "id")).OfType<string>()]);
        }).ToList();
        // Those that are named, and whose texts are not there.
        return [.. said, .. names.Select(x => new HeldPatch(x.Value, x.Key, null, []))];
    }

    static byte[]? BytesOf(JsonElement text)
    {
        if (BomJson.Text(text, "content") is not { } content) return null;
        if (BomJson.Text(text, "encoding") != "base64") return Encoding.UTF8.GetBytes(content);
        return BomJson.Member(text, "content").TryGetBytesFromBase64(out var bytes) ? bytes
            : throw new JsonException("the text of a patch is said to be base64, and is not");
    }

    /// <summary>
    /// What a purl says of where it was built from, <c>vcs_url=git+https://host/repository@commit</c>; what is patched
    /// is not what is there, and only its ancestor says so.
    /// </summary>
    static string? RemoteOf(string? purl)
    {
        if (BomJson.QualifierOf(purl, "vcs_url") is not { } url) return null;
        if (url.StartsWith("git+", StringComparison.Ordinal)) url = url["git+".Length..];
        return url.LastIndexOf('@') is > 0 and var at && at > url.LastIndexOf('/') ? url[..at] : url;
    }

    static string HowOf(string? purl, string? commit, int patches, Dictionary<string, string> properties)
    {
        var how = properties.TryGetValue(BomProperties.VendoredBy, out var by) ? $"a copy in {by}"
            : commit is not null ? "built from source"
                + (patches == 0 ? "" : patches == 1 ? ", 1 patch" : $", {patches} patches")
            : purl?.StartsWith("pkg:deb/", StringComparison.Ordinal) == true ? "system package"
            : purl?.StartsWith("pkg:pypi/", StringComparison.Ordinal) == true ? "Python distribution"
            : "part of another";
        return properties.GetValueOrDefault(BomProperties.LayerOf) == "base" ? $"{how}, of the base image" : how;
    }
}
