using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Sbom;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// Builds packages of services in the builder image, all that are not up to date in one BuildKit graph: the same
/// virtual environment as the image's, at its final path, once for all formats.
/// </summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="bases">The base images, built before.</param>
public sealed class PackageBuild(ImageSettings settings, BaseImages bases)
{
    /// <summary>Image directory of the Dockerfile that does it.</summary>
    public const string Image = "native-package";

    static readonly Dictionary<string, string[]> s_needed = new()
    {
        ["closure"] = ["dependencies.txt", "wheels"],
        ["plan"] = ["trees/plan.json"],
    };

    /// <summary>What problems with the packages of a service are about.</summary>
    public static string NameOf(ServicePackage package) =>
        BakeFile.TargetName(package.Image.Service, package.Image.Release);

    /// <returns>Those that were made.</returns>
    /// <exception cref="ProblemException">A package cannot be what it should be, or a build fails.</exception>
    public async Task<IReadOnlyList<(ServicePackage Package, IPackageFormat Format)>> BuildAsync(
        IReadOnlyList<ServicePackage> packages, IReadOnlyList<IPackageFormat> formats, Buildx buildx, bool again,
        Func<IDisposable> onWait)
    {
        Problems.Collect(packages, x =>
        {
            x.Check();
            return x;
        });
        var venvBuilder = bases.Open(BaseImages.VenvBuilder);
        using var scratch = new ScratchDirectory(packages[0].Directory);
        var plans = packages.Select((x, i) => (Package: x, Directory: scratch.Path / $"{i}")).ToDictionary(
            x => x.Package, x => PackagePlan.Write(x.Package, formats, x.Directory / "plan"));
        var stages = packages.SelectMany(_ => formats, (x, y) => (Package: x, Format: y)).ToDictionary(
            x => x.Package.StageOf(settings, venvBuilder, x.Format, plans[x.Package]));
        var made = await Stage.MakeAllAsync([.. stages.Keys], async work =>
        {
            var targets = new Dictionary<string, BakeTarget>();
            var ofPackages = work.GroupBy(x => stages[x.Stage].Package).ToList();
            foreach (var (package, stagesOfOne) in ofPackages.Select(x => (x.Key, x)))
                targets[NameOf(package)] = TargetOf(package,
                    plans[package], venvBuilder.Context, [.. stagesOfOne.Select(x => stages[x.Stage].Format)]);
            settings.RequireContexts(Image, targets.Values, s_needed);
            await buildx.BakeAsync(BakeFile.ShareDirectory(targets, ImageSettings.Wheelhouse),
                ofPackages[0].Key.Directory / "bake.json",
                ofPackages.ToDictionary(x => NameOf(x.Key), x => x.Key.Directory / "build.log"), noCache: again);
            foreach (var (stage, aside) in work) Accept(stages[stage], plans[stages[stage].Package], aside);
        }, again, onWait);
        return [.. made.Select(x => stages[x])];
    }

    static AbsolutePath ExportOf(PackagePlan plan) => plan.Directory.Parent! / "exported";

    static void Accept((ServicePackage Package, IPackageFormat Format) made, PackagePlan plan, AbsolutePath aside)
    {
        Directory.Move(ExportOf(plan) / made.Format.Name, aside);
        made.Format.Complete(made.Package, aside);
        WriteSboms(made.Package, made.Format, aside);
    }

    /// <summary>What each package brings along, beside it.</summary>
    static void WriteSboms(ServicePackage package, IPackageFormat format, AbsolutePath directory)
    {
        var image = package.Image;
        foreach (var file in Directory.GetFiles(directory, $"*.{format.Name}").Select(x => (AbsolutePath)x))
        {
            var identity = format.Read(file);
            var bundling = new BundlingPackage(identity, package.Distribution, package.Maintainer,
                Digest.OfFile(file)["sha256:".Length..], image.Remote, image.CommitTime);
            var bundled = identity.Name == package.VersionName ? package.Bundled : [];
            AtomicFile.WriteText($"{file}.cdx.json", PackageBom.Of(bundling, bundled));
            AtomicFile.WriteText($"{file}.spdx.json", PackageSpdx.Of(bundling, bundled));
        }
    }

    /// <summary>
    /// What the stages of the formats have made, each in a directory of its own: one target, as the sessions of several
    /// would end one after the other, and the virtual environment is the same.
    /// </summary>
    BakeTarget TargetOf(ServicePackage package, PackagePlan plan, string venvBuilder,
        IReadOnlyList<IPackageFormat> formats)
    {
        var image = package.Image;
        var contexts = new Dictionary<string, string>
        {
            [BaseImages.VenvBuilder] = venvBuilder,
            ["closure"] = image.DependenciesDirectory,
            ["wheel"] = image.ClosureDirectory / "wheel",
            ["plan"] = plan.Directory,
        };
        if (image.Wheelhouse is not null) contexts[ImageSettings.Wheelhouse] = image.Wheelhouse;
        if (image.Lock?.AptArchive is { } archive) contexts[ImageSettings.AptArchive] = archive;
        return settings.FilesOf(Image, image.CommitTime, ExportOf(plan), contexts, package.Args) with
        {
            DockerfileInline = settings.DockerfileOf(Image).Text + "\nFROM scratch\n"
                + string.Concat(formats.Select(x => $"COPY --from={x.Name} /packages/ /{x.Name}/\n")),
        };
    }
}
