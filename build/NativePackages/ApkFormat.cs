using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Sbom;

namespace OpenStack.NativePackages;

/// <summary>
/// Packages of apk, by our own writer, for distributions of it that have glibc: what is built on Debian does not run
/// on musl, and the name of the C library that it depends on says so there.
/// </summary>
public sealed class ApkFormat : IPackageFormat
{
    /// <summary>Of what there is once: it has nothing of a machine.</summary>
    public const string AnyArchitecture = "noarch";

    const string Found = "found.json";

    /// <summary>What the scripts call beside what every shell and busybox have.</summary>
    static readonly string[] s_programs = ["cmd:getent", "cmd:groupadd", "cmd:useradd"];

    public string Name => "apk";

    public string? Packing => ApkWriter.Packing;

    /// <remarks>The engine makes nothing of it; it is what the stage is known by.</remarks>
    public void WritePlan(ServicePackage package, AbsolutePath directory)
    {
        foreach (var part in package.Parts)
        {
            PackageFiles.Write(directory / part.Name / "info", InfoOf(package, part, new JsonObject()).ToText());
            part.Write(part.Texts.Of(Name).Scripts, directory / part.Name / "scripts");
        }
    }

    public void Complete(ServicePackage package, AbsolutePath directory)
    {
        var found = JsonNode.Parse(File.ReadAllText(directory / Found))!.AsObject();
        foreach (var part in package.Parts)
        {
            var info = InfoOf(package, part, found);
            var archive = directory / $"{part.Name}.tar";
            try
            {
                ApkWriter.Write(directory / info.File, info, [.. part.Texts.Of(Name).Scripts.Select(x =>
                    new PackageText(x.Path, part.Variables.Fill(x.Text)))], ApkEntry.In(archive));
            }
            catch (InvalidDataException e)
            {
                throw new ProblemException($"{info.File} cannot be made: {e.Message.TrimEnd('.')}",
                    "Look at what the package has there", e);
            }

            File.Delete(archive);
        }

        File.Delete(directory / Found);
    }

    public string VersionOf(PackageVersion version) => version.Apk;

    public PackageIdentity Read(AbsolutePath file)
    {
        var info = ApkFile.Read(file).Info;
        return new PackageIdentity(Name, info.Name, info.Version, info.Architecture, info.Depends);
    }

    public async Task<IReadOnlyList<AbsolutePath>> PublishAsync(AbsolutePath directory, string distribution,
        string release, IReadOnlyList<AbsolutePath> files, PackageKeys keys, Func<IDisposable> onWait) =>
    [
        .. (await new ApkRepository(directory).AddAsync(distribution, release, files, keys.Apk!, onWait))
            .Select(x => x.File),
    ];

    public string ContentOf(AbsolutePath file) => ApkFile.Read(file).Identity;

    public IReadOnlyList<PublishedPackage> List(AbsolutePath directory) => new ApkRepository(directory).List();

    public Task RemoveAsync(AbsolutePath directory, IReadOnlyList<PublishedPackage> packages, PackageKeys keys,
        Func<IDisposable> onWait) => new ApkRepository(directory).RemoveAsync(packages, keys.Apk!, onWait);

    public (IReadOnlyList<Problem> Problems, int Count) Check(AbsolutePath directory, PackageTrust trust) =>
        !ApkRepositoryCheck.IsIn(directory) ? ([], 0)
        : (new ApkRepositoryCheck(directory, trust.Apk.Value).Check(out var count), count);

    /// <remarks>
    /// Each is its own origin: packages of one origin may overwrite each other's files. What the distribution calls
    /// the packages that these take the place of is not known: no public one of apk has any.
    /// </remarks>
    static ApkInfo InfoOf(ServicePackage package, PackagePart part, JsonObject found)
    {
        var ofService = part.Name == PackagePart.OfService;
        var needed = (found["depends"] as JsonArray ?? []).Select(x => x!.GetValue<string>());
        return new ApkInfo(part.PackageName, package.Version.Apk,
            ofService ? AnyArchitecture : found["architecture"]?.GetValue<string>() ?? AnyArchitecture)
        {
            Description = part.Summary,
            Url = package.Image.Remote,
            License = "Apache-2.0",
            Origin = part.PackageName,
            Maintainer = package.Maintainer,
            Commit = package.Image.Revision,
            BuildDate = package.Image.CommitTime.ToUnixTimeSeconds(),
            Depends = ofService
                ? [$"{package.VersionName}={package.Version.Apk}", .. s_programs]
                : [.. needed.Order(StringComparer.Ordinal)],
        };
    }
}
