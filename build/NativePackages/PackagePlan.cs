using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// Everything of a service's packages that is known before its virtual environment is there, as a directory that
/// <c>images/native-package</c> reads: <c>trees</c>, what is installed whatever the format, and a directory for each of
/// the formats.
/// </summary>
/// <param name="Directory">Where it is.</param>
public sealed record PackagePlan(AbsolutePath Directory)
{
    const string Trees = "trees";

    /// <param name="directory">Does not exist yet.</param>
    public static PackagePlan Write(ServicePackage package, IReadOnlyList<IPackageFormat> formats,
        AbsolutePath directory)
    {
        PackageFiles.Write(directory / Trees / "plan.json", ReadableJson.Text(ToJson(package)));
        foreach (var part in package.Parts) part.Write(FilesOf(package, part), directory / Trees / part.Name / "files");
        foreach (var format in formats) format.WritePlan(package, directory / format.Name);
        return new PackagePlan(directory);
    }

    /// <summary>Of all that packages of a format are made by.</summary>
    public string DigestOf(IPackageFormat format) =>
        Digest.OfText($"{Digest.OfDirectory(Directory / Trees)} {Digest.OfDirectory(Directory / format.Name)}");

    static IReadOnlyList<PackageText> FilesOf(ServicePackage package, PackagePart part) =>
        part.Name == PackagePart.OfService ? [.. part.Texts.Files, .. Units(package)] : part.Texts.Files;

    static IEnumerable<PackageText> Units(ServicePackage package) =>
    [
        .. package.Data.Units.Select(x =>
            new PackageText($"{UnitFile.Directory}/{UnitFile.NameOf(x)}", UnitFile.Of(package, x))),
        new PackageText($"usr/lib/openstack-packages/{package.Image.Service}.units",
            string.Concat(package.Data.Units.Select(x => UnitFile.NameOf(x) + "\n"))),
    ];

    static JsonObject ToJson(ServicePackage package) => new()
    {
        ["service"] = package.Image.Service,
        ["prefix"] = package.Prefix,
        ["home"] = package.Home,
        ["version"] = package.Version.Name,
        ["source"] = package.Image.Remote,
        ["revision"] = package.Image.Revision,
        ["links"] = Texts(package.Scripts),
        ["runtime"] = Texts(package.RuntimePackages),
        ["modes"] = new JsonObject(package.Parts.SelectMany(x => FilesOf(package, x))
            .Select(x => package.Variables.Fill(x.Path)).Select(x => (Path: x, Mode: PackageFiles.ModeOf(x)))
            .Where(x => x.Mode != PackageFiles.OrdinaryMode)
            .Select(x => KeyValuePair.Create<string, JsonNode?>(x.Path, x.Mode))),
    };

    static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(x => JsonValue.Create(x))];
}
