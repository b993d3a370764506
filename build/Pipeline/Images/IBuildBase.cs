using Nuke.Common;
using OpenStack.Images;
using OpenStack.Pipeline.Sources;
using Serilog;

namespace OpenStack.Pipeline.Images;

/// <summary>The two images that every service image is made of.</summary>
interface IBuildBase : IHazImages
{
    Target BuildBase => _ => _
        .Description("Builds python-base and venv-builder as OCI layouts in one BuildKit graph")
        // What is told in a second comes before what takes a minute: refs, patches and overrides that are wrong.
        .TryAfter<IConstrain>(x => x.Constrain)
        .Executes(async () =>
        {
            var made = new List<string>();
            foreach (var platform in Platforms) made.AddRange(await BuildBasesAsync(platform));
            await PythonBase.JoinAsync(Platforms);
            ReportBuilt(made);
        });

    /// <returns>What was not up to date.</returns>
    async Task<IEnumerable<string>> BuildBasesAsync(string platform)
    {
        // The base alone needs no selection; what is built from locks does.
        var inputs = Hermetic ? (IHazInputs)this : null;
        var (distribution, uv) = inputs is null
            ? (await ExternalImageAsync(BaseImages.PythonBase, platform),
                await ExternalImageAsync(BaseImages.VenvBuilder, platform))
            : await inputs.PrepareInputsAsync(platform);
        var bases = BasesFor(platform);
        var images = await bases.BuildAsync(distribution, uv, x => SystemPackagesOf(x),
            x => inputs?.ImageLockFor(inputs.SubjectOf(x, platform)), Buildx, NoCache,
            () => TellWaiting("the base images"));
        foreach (var image in images)
            Log.Information("{Image} {Platform} {Digest}", image, platform, bases.Open(image).Digest);
        return images.Select(x => Platforms.Count > 1 ? $"{x} ({platform})" : x);
    }
}
