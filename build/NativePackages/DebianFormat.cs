using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Sbom;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// Debian's packages, by <c>dpkg-deb</c> (<c>images/native-package/make-deb</c>): control fields, scripts of dpkg.
/// </summary>
public sealed class DebianFormat : IPackageFormat
{
    public string Name => "deb";

    public string VersionOf(PackageVersion version) => version.Debian;

    public void WritePlan(ServicePackage package, AbsolutePath directory)
    {
        foreach (var part in package.Parts)
        {
            var fields = FieldsOf(package, part);
            PackageFiles.Write(directory / part.Name / "control.json", ReadableJson.Text(fields));
            var texts = part.Texts.Of(Name);
            part.Write(texts.Scripts, directory / part.Name / "scripts");
            part.Write([.. texts.Files, CopyrightOf(package, part)], directory / part.Name / "files");
        }
    }

    public void Complete(ServicePackage package, AbsolutePath directory)
    {
    }

    public PackageIdentity Read(AbsolutePath file)
    {
        var deb = DebFile.Read(file);
        return new PackageIdentity(Name, deb.Name, deb.Version, deb.Architecture, deb.Depends);
    }

    public async Task<IReadOnlyList<AbsolutePath>> PublishAsync(AbsolutePath directory, string distribution,
        string release, IReadOnlyList<AbsolutePath> files, PackageKeys keys, Func<IDisposable> onWait) =>
    [
        .. (await new AptRepository(directory).AddAsync(distribution, release, files, keys.OpenPgp!, onWait))
            .Select(x => x.File),
    ];

    public string ContentOf(AbsolutePath file) => Digest.OfFile(file);

    public IReadOnlyList<PublishedPackage> List(AbsolutePath directory) => new AptRepository(directory).List();

    public Task RemoveAsync(AbsolutePath directory, IReadOnlyList<PublishedPackage> packages, PackageKeys keys,
        Func<IDisposable> onWait) => new AptRepository(directory).RemoveAsync(packages, keys.OpenPgp!, onWait);

    public (IReadOnlyList<Problem> Problems, int Count) Check(AbsolutePath directory, PackageTrust trust) =>
        !AptRepositoryCheck.IsIn(directory) ? ([], 0)
        : (new AptRepositoryCheck(directory, trust.OpenPgp.Value).Check(trust.Now, out var count), count);

    /// <remarks>
    /// Each is its own source: apt upgrades what is installed of a source together
    /// (<c>APT::Get::Upgrade-By-Source-Package</c>), and another version that is installed beside would switch to it.
    /// </remarks>
    static JsonObject FieldsOf(ServicePackage package, PackagePart part)
    {
        var fields = new JsonObject
        {
            ["Package"] = part.PackageName,
            ["Version"] = package.Version.Debian,
            ["Section"] = "net",
            ["Priority"] = "optional",
            ["Maintainer"] = package.Maintainer,
        };
        if (part.PackageName == package.Name)
        {
            fields["Depends"] = $"{package.VersionName} (= {package.Version.Debian}), passwd";
            if (package.Data.Conflicts.Count > 0) fields["Conflicts"] = string.Join(", ", package.Data.Conflicts);
            fields["Suggests"] = "logrotate";
        }

        fields["Homepage"] = package.Image.Remote;
        fields["Description"] =
            $"{part.Summary}\n {part.Description.Replace("\n", "\n ", StringComparison.Ordinal)}";
        return fields;
    }

    /// <summary>As machines read it (DEP 5).</summary>
    static PackageText CopyrightOf(ServicePackage package, PackagePart part) =>
        new($"usr/share/doc/{part.PackageName}/copyright", $"""
        Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
        Upstream-Name: {package.Image.Service}
        Source: {package.Image.Remote}

        Files: *
        Copyright: OpenStack contributors
        License: Apache-2.0
        Comment: Of commit {package.Image.Revision}. What is installed
         beside it, below {package.Prefix}/lib, has licences of its
         own, in the directories *.dist-info there.

        License: Apache-2.0
         On Debian systems, the text of the Apache License 2.0 is in
         /usr/share/common-licenses/Apache-2.0.

        """);
}
