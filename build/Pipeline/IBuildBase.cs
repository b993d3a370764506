using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Images;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>The two images that every service image is made of.</summary>
interface IBuildBase : IHazImages
{
    Target BuildBase => _ => _
        .Description("Builds python-base and venv-builder as OCI layouts in one BuildKit graph")
        // What is told in a second comes before what takes a minute: refs, patches and overrides that are wrong.
        .TryAfter<IConstrain>(x => x.Constrain)
        .Executes(async () =>
        {
            var distribution = await ExternalImageAsync(BaseImages.PythonBase, BaseImage);
            var uv = await ExternalImageAsync(BaseImages.VenvBuilder, UvImage);
            var made = await Bases.BuildAsync(distribution, uv, x => SystemPackagesOf(x), Buildx, NoCache, () => Log.Information("Another run builds the base images; waiting for it ..."));
            foreach (var image in made) Log.Information("{Image} {Digest}", image, Bases.Open(image).Digest);
            ReportSummary(x => x.AddPair("Built", made.Count == 0 ? "nothing, up to date" : string.Join(", ", made)));
        });
}
