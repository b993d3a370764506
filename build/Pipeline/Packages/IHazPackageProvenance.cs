using Nuke.Common.IO;
using OpenStack.NativePackages;
using OpenStack.Oci;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.SupplyChain;
using OpenStack.Signing;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Packages;

/// <summary>Where packages come from, and what they bring along, as signed statements.</summary>
interface IHazPackageProvenance : IPackage, ISign
{
    /// <summary>Whether there is anybody to sign it: a key, or a job's identity.</summary>
    bool Attests => SigningKey is not null
        || Environment.GetEnvironmentVariable("ACTIONS_ID_TOKEN_REQUEST_URL") is { Length: > 0 };

    /// <summary>Fails where <see cref="AttestAsync"/> would, before anything is published.</summary>
    async Task RequireAttestableAsync()
    {
        if (Attests) (_, _) = (await BuildRevisionAsync(), Signer);
    }

    /// <summary>
    /// Signs statements about the packages of services in a repository: some formats have a signature in the package
    /// itself, so that its bytes are final there. What is stated already is not stated again.
    /// </summary>
    /// <returns>How many packages.</returns>
    async Task<int> AttestAsync(IReadOnlyList<(Workspace Service, string Platform, IPackageFormat Format)> made,
        AbsolutePath repository)
    {
        if (!Attests)
        {
            Log.Warning("Nobody says where the packages come from: there is no --signing-key");
            return 0;
        }

        var unsaid = made.SelectMany(x => PackageOf(x.Service, x.Platform).FilesOf(x.Format), (x, file) => (x, file))
            .SelectMany(x => PackageStatements.Of(repository, x.file, x.x.Format)
                .Where(y => y.Bundles.Count < PackageStatements.Types.Count),
                (x, y) => (Made: x.x, File: x.file, Published: y.Package))
            .DistinctBy(x => x.Published).ToList();
        if (unsaid.Count == 0) return 0;
        using var scratch = new ScratchDirectory(TemporaryDirectory / "package-statements");
        var provenanceOf = await PackageProvenancesAsync();
        var statements = unsaid.SelectMany(x =>
        {
            var digest = Digest.OfFile(x.Published);
            var subject = new OciDescriptor("application/octet-stream", digest, new FileInfo(x.Published).Length);
            var provenance = scratch.Path / $"{x.File.Name}.provenance.json";
            AtomicFile.WriteText(provenance, provenanceOf(x.Made.Service, x.Made.Platform, x.Made.Format, x.File));
            Attestation Say(string type, AbsolutePath predicate) =>
                new(subject, x.Published, type, predicate, PackageStatements.NameOf(digest, type));
            return (Attestation[])
            [
                Say(PredicateTypes.Provenance, provenance),
                Say(PredicateTypes.Sbom, PackageStatements.SbomOf(x.File)),
            ];
        }).ToList();
        await (await SignerAsync()).SignAsync(statements, scratch.Path);
        foreach (var statement in statements) PackageStatements.Publish(scratch.Path, statement.Name, repository);
        return unsaid.Count;
    }

    /// <summary>The predicate of a package, by what it was made of and its file.</summary>
    async Task<Func<Workspace, string, IPackageFormat, AbsolutePath, string>> PackageProvenancesAsync()
    {
        var build = await BuildRevisionAsync();
        var url = await new OwnRepository(RootDirectory / ".git").PublicUrlAsync(Environment.GetEnvironmentVariable);
        var repository = Materials.OfRepository(build, url);
        var builder = Builder.Of(Environment.GetEnvironmentVariable);
        return (service, platform, format, file) =>
        {
            var package = PackageOf(service, platform);
            var record = Pipeline.Inputs.Require($"{package.Directory / format.Name}.inputs.json", nameof(Package));
            var (inputs, identity) = (StageInputs.Read(record).Values, format.Read(file));
            return new PackageProvenance(identity.Name, identity.Version, format.Name, inputs)
            {
                Release = service.Release.Name,
                Ref = SealedOf(service).Source.Source.Ref,
                Platform = platform,
                IsHermetic = Hermetic,
                Dependencies =
                [
                    repository, .. InstalledOf(service, package.Image.Directory),
                    .. BuiltWith(inputs["builder.digest"], platform),
                    .. LocksOf(platform, [(SubjectOf(service, platform), record)]),
                ],
                Builder = builder,
                BuilderVersion = build.Revision,
            }.ToJson();
        };
    }
}
