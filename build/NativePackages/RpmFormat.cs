using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Sbom;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// Packages of rpm, format 4, by <c>rpmbuild</c> (<c>images/native-package/make-rpm</c>): what becomes the spec,
/// scripts of rpm.
/// </summary>
public sealed class RpmFormat : IPackageFormat
{
    public string Name => "rpm";

    public string VersionOf(PackageVersion version) => $"{version.Rpm.Version}-{version.Rpm.Release}";

    public void WritePlan(ServicePackage package, AbsolutePath directory)
    {
        foreach (var part in package.Parts)
        {
            var spec = SpecOf(package, part);
            PackageFiles.Write(directory / part.Name / "spec.json", ReadableJson.Text(spec));
            var texts = part.Texts.Of(Name);
            part.Write(texts.Scripts, directory / part.Name / "scripts");
            part.Write(texts.Files, directory / part.Name / "files");
        }
    }

    public void Complete(ServicePackage package, AbsolutePath directory)
    {
    }

    public PackageIdentity Read(AbsolutePath file)
    {
        var rpm = RpmFile.Read(file);
        return new PackageIdentity(Name, rpm.Name, rpm.VersionRelease, rpm.Architecture,
            [.. rpm.Requires.Where(x => !x.IsOfRpm)
                .Select(x => x.ToString()).Distinct()]);
    }

    public async Task<IReadOnlyList<AbsolutePath>> PublishAsync(AbsolutePath directory, string distribution,
        string release, IReadOnlyList<AbsolutePath> files, PackageKeys keys, Func<IDisposable> onWait) =>
    [
        .. (await new DnfRepository(directory).AddAsync(distribution, release, files, keys.OpenPgp!, onWait))
            .Select(x => x.File),
    ];

    public string ContentOf(AbsolutePath file) => RpmFile.Read(file).HeaderDigest;

    public IReadOnlyList<PublishedPackage> List(AbsolutePath directory) => new DnfRepository(directory).List();

    public Task RemoveAsync(AbsolutePath directory, IReadOnlyList<PublishedPackage> packages, PackageKeys keys,
        Func<IDisposable> onWait) => new DnfRepository(directory).RemoveAsync(packages, keys.OpenPgp!, onWait);

    public (IReadOnlyList<Problem> Problems, int Count) Check(AbsolutePath directory, PackageTrust trust) =>
        !DnfRepositoryCheck.IsIn(directory) ? ([], 0)
        : (new DnfRepositoryCheck(directory, trust.OpenPgp.Value).Check(trust.Now, out var count), count);

    static JsonObject SpecOf(ServicePackage package, PackagePart part)
    {
        var (version, release) = package.Version.Rpm;
        var ofVersion = part.Name == PackagePart.OfVersion;
        return new JsonObject
        {
            ["tags"] = new JsonObject
            {
                ["Name"] = part.PackageName,
                ["Version"] = version,
                ["Release"] = release,
                ["Summary"] = part.Summary,
                // What is bundled has its own, as the description says.
                ["License"] = "Apache-2.0",
                ["Group"] = "System Environment/Daemons",
                ["URL"] = package.Image.Remote,
                ["Packager"] = package.Maintainer,
            },
            ["requires"] = ofVersion ? [] : new JsonArray($"{package.VersionName} = {version}-{release}", "systemd"),
            // Fedora's way to say what is inside (Packaging Guidelines, "Bundled Software").
            ["provides"] = new JsonArray([.. ofVersion ? BundledIn(package) : []]),
            ["description"] = part.Description + (ofVersion
                ? "\nWhat is installed beside it, below lib, is licensed by itself, as the\n"
                    + "directories *.dist-info there say."
                : ""),
        };
    }

    static IEnumerable<JsonNode?> BundledIn(ServicePackage package) => package.Bundled
        .Select(x => $"bundled(python3dist({PythonName.Of(x.Name)})) = {VersionOf(PythonVersion.Parse(x.Version))}")
        .Order(StringComparer.Ordinal).Select(x => (JsonNode?)x);

    /// <summary>As it is, where rpm takes it for what it is.</summary>
    static string VersionOf(PythonVersion version) =>
        version is { Epoch: 0, Pre: null, Post: null, Dev: null, Local: null } ? version.Normal
            : new PackageVersion(version, 0, 1).Rpm.Version;
}
