using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Sbom;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// Builds Debian packages of services in the builder image, all that are not up to date in one BuildKit graph: the same
/// virtual environment as the image's, at its final path.
/// </summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="bases">The base images, built before.</param>
public sealed class DebianPackages(ImageSettings settings, BaseImages bases)
{
    /// <summary>Image directory of the Dockerfile that does it.</summary>
    public const string Image = "native-package";

    static readonly Dictionary<string, string[]> s_needed = new()
    {
        ["closure"] = ["dependencies.txt", "wheels"],
        ["plan"] = ["plan.json"],
    };

    /// <returns>Those that were made.</returns>
    /// <exception cref="ProblemException">A package cannot be what it should be, or a build fails.</exception>
    public async Task<IReadOnlyList<ServicePackage>> BuildAsync(
        IReadOnlyList<ServicePackage> packages, Buildx buildx, bool again, Action onWait)
    {
        Problems.Collect(packages, x =>
        {
            x.Check();
            return x;
        });
        var venvBuilder = bases.Open(BaseImages.VenvBuilder);
        using var scratch = new ScratchDirectory(packages[0].Directory);
        var plans = packages.Select((x, i) => (Package: x, Directory: scratch.Path / $"{i}")).ToDictionary(
            x => x.Package, x => PlanOf(x.Package, x.Directory));
        var stages = packages.ToDictionary(
            x => x.StageOf(settings, venvBuilder, PackageFormat.Deb, Digest.OfDirectory(plans[x])));
        var made = await Stage.MakeAllAsync([.. stages.Keys], async work =>
        {
            var targets = work.ToDictionary(
                x => BakeFile.TargetName(stages[x.Stage].Image.Service, stages[x.Stage].Image.Release),
                x => TargetOf(stages[x.Stage], plans[stages[x.Stage]], venvBuilder.Context, x.Aside));
            settings.RequireContexts(Image, targets.Values, s_needed);
            var directory = stages[work[0].Stage].Directory;
            await buildx.BakeAsync(BakeFile.ShareDirectory(targets, ImageSettings.Wheelhouse),
                directory / "bake.json", directory / "build.log", noCache: again);
            foreach (var (stage, aside) in work) WriteSboms(stages[stage], aside);
        }, again, onWait);
        return [.. made.Select(x => stages[x])];
    }

    /// <summary>What each package brings along, beside it.</summary>
    static void WriteSboms(ServicePackage package, AbsolutePath directory)
    {
        var image = package.Image;
        foreach (var deb in Directory.GetFiles(directory, "*.deb").Select(x => DebFile.Read(x)))
        {
            var bundling = new BundlingPackage(deb.Name, deb.Version, deb.Architecture, package.Distribution,
                package.Maintainer, Digest.OfFile(deb.File)["sha256:".Length..], deb.Depends, image.Remote,
                image.CommitTime);
            var bundled = deb.Name == package.VersionName ? package.Bundled : [];
            AtomicFile.WriteText($"{deb.File}.cdx.json", PackageBom.Of(bundling, bundled));
        }
    }

    static AbsolutePath PlanOf(ServicePackage package, AbsolutePath directory)
    {
        new DebianPlan(package).Write(directory);
        return directory;
    }

    BakeTarget TargetOf(ServicePackage package, AbsolutePath plan, string venvBuilder, AbsolutePath aside)
    {
        var image = package.Image;
        var contexts = new Dictionary<string, string>
        {
            [BaseImages.VenvBuilder] = venvBuilder,
            ["closure"] = image.DependenciesDirectory,
            ["wheel"] = image.ClosureDirectory / "wheel",
            ["plan"] = plan,
        };
        if (image.Wheelhouse is not null) contexts[ImageSettings.Wheelhouse] = image.Wheelhouse;
        if (image.Lock?.AptArchive is { } archive) contexts[ImageSettings.AptArchive] = archive;
        return settings.FilesOf(Image, image.CommitTime, aside, contexts, package.Args);
    }
}
