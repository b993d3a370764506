using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.NativePackages;
using OpenStack.Oci;
using OpenStack.Pipeline.SupplyChain;
using OpenStack.Sbom;
using OpenStack.Signing;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Pipeline.Packages;

/// <summary>Packages, their SBOMs and their provenance → statements that a repository has beside them.</summary>
interface ISignPackages : IPackage, ISign
{
    Target SignPackages => _ => _
        .Description("Signs of each package of the selected services where it comes from and what it brings along; "
            + "PushPackages publishes that with it")
        .DependsOn<IPackage>(x => x.Package)
        .Executes(async () =>
        {
            var signer = SignerOf(SigningKey);
            var publicKey = signer.Key is null ? null : await CosignProgram.PublicKeyAsync(signer.Key);
            var work = await SignedPackagesAsync(publicKey?.Digest ?? $"keyless {signer.Identity}");
            var made = work.All(x => x.Stage.IsUpToDate) ? 0 : await SignAsync(work, signer, publicKey);
            ReportSummary(x => x.AddPair("Signed", made == 0 ? "nothing, up to date"
                : $"packages of {made} services as {(object?)signer.Key ?? signer.Identity}"));
        });

    async Task<int> SignAsync(IEnumerable<SignedPackages> packages, Signer signer, PublicKey? publicKey)
    {
        await CosignProgram.RequireAsync();
        var offline = signer.Key is null ? null : await OfflineConfigurationAsync();
        var packageSigner = new ImageSigner(CosignProgram, signer, offline, publicKey);
        var made = packages.Select(x => x.Stage.MakeAsync(aside => x.SignAsync(packageSigner, aside)));
        return (await Task.WhenAll(made)).Count(x => x);
    }

    async Task<IReadOnlyList<SignedPackages>> SignedPackagesAsync(string identity)
    {
        var build = await BuildRevisionAsync();
        var url = await new OwnRepository(RootDirectory / ".git").PublicUrlAsync(Environment.GetEnvironmentVariable);
        var repository = Materials.OfRepository(build, url);
        var builder = Builder.Of(Environment.GetEnvironmentVariable);
        var all = Platforms.SelectMany(_ => RequireServices(nameof(SignPackages)), (x, y) => (Platform: x, Service: y))
            .SelectMany(_ => Formats, (x, y) => (x.Platform, x.Service, Format: y));
        return Problems.Collect(all, x =>
        {
            var package = PackageOf(x.Service, x.Platform);
            var inputs = Pipeline.Inputs.Require($"{package.Directory / x.Format.Name}.inputs.json", nameof(Package));
            var read = StageInputs.Read(inputs).Values;
            IReadOnlyList<ResourceDescriptor> dependencies =
            [
                repository, .. InstalledOf(x.Service, package.Image.DistributionsFile),
                .. BuiltWith(read["builder.digest"], x.Platform),
                .. LocksOf(x.Platform, [(SubjectOf(x.Service, x.Platform), inputs)]),
            ];
            PackageProvenance ProvenanceOf(PackageIdentity of) => new(of.Name, of.Version, x.Format.Name, read)
            {
                Release = x.Service.Release.Name,
                Ref = SealedOf(x.Service).Source.Source.Ref,
                Platform = x.Platform,
                IsHermetic = Hermetic,
                Dependencies = dependencies,
                Builder = builder,
                BuilderVersion = build.Revision,
            };
            return new SignedPackages(package, x.Format, identity, file => ProvenanceOf(x.Format.Read(file)));
        });
    }
}

/// <summary>
/// The packages of a service in one format, and what is said of them and by whom: as long as that is the same, nothing
/// is signed again.
/// </summary>
/// <param name="Package">The packages.</param>
/// <param name="Format">Their format.</param>
/// <param name="Identity">Who signs.</param>
/// <param name="ProvenanceOf">Where a package comes from, by its file.</param>
sealed record SignedPackages(ServicePackage Package, IPackageFormat Format, string Identity,
    Func<AbsolutePath, PackageProvenance> ProvenanceOf)
{
    public Stage Stage
    {
        get
        {
            var inputs = new StageInputs().Add("signer", Identity);
            foreach (var file in Package.FilesOf(Format))
                inputs.Add(file.Name, Digest.OfFile(file))
                    .Add($"{file.Name}.sbom", Digest.OfFile(PackageStatements.SbomOf(file)))
                    .Add($"{file.Name}.provenance", Digest.OfText(ProvenanceOf(file).ToJson()));
            return new Stage(PackageStatements.DirectoryOf(Package, Format), inputs);
        }
    }

    public async Task SignAsync(ImageSigner signer, AbsolutePath directory)
    {
        Directory.CreateDirectory(directory);
        var attestations = Package.FilesOf(Format).SelectMany(file =>
        {
            var digest = Digest.OfFile(file);
            var subject = new OciDescriptor("application/octet-stream", digest, new FileInfo(file).Length);
            var provenance = directory / $"{file.Name}.provenance.json";
            File.WriteAllText(provenance, ProvenanceOf(file).ToJson());
            Attestation Say(string type, AbsolutePath predicate) =>
                new(subject, file, type, predicate, PackageStatements.NameOf(digest, type));
            return (Attestation[])
            [
                Say(PredicateTypes.Provenance, provenance),
                Say(PredicateTypes.Sbom, PackageStatements.SbomOf(file)),
            ];
        });
        await signer.SignAsync([.. attestations], directory);
    }
}
