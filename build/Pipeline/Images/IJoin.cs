using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using Serilog;

namespace OpenStack.Pipeline.Images;

/// <summary>Images of one platform each → images of all of them.</summary>
interface IJoin : IBuildService
{
    Target Join => _ => _
        .Description("Joins the platforms of --platform, each built by a run of its own, into one python-base and one "
            + "image of each selected service")
        .Executes(async () =>
        {
            foreach (var image in Images)
            {
                var joined = await image.JoinAsync(Platforms);
                Log.Information("{Image} {Digest} ({State})", image, image.Open().Digest,
                    joined ? string.Join(", ", Platforms) : "up to date");
            }

            ReportSummary(x => x.AddPair("Joined", string.Join(", ", Platforms)));
        });
}
