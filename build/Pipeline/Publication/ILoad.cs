using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using Serilog;

namespace OpenStack.Pipeline.Publication;

/// <summary>Images → the engine of this machine.</summary>
interface ILoad : IBuildService, ITags
{
    Target Load => _ => _
        .Description("Loads the selected images into the container engine, under the names and tags that "
            + "a publication gives them")
        .DependsOn<IBuildService>(x => x.BuildService)
        .DependsOn<ITags>(x => x.Tags)
        .Executes(async () =>
        {
            foreach (var workspace in RequireServices(nameof(Load)))
            {
                var image = BuiltImage.Of(workspace).Open();
                // An engine runs one platform of an image: that of the machine, where the image has it.
                var layout = image.Of(image.Manifests()
                    .Select(x => x.Platform!)
                    .OrderByDescending(x => x == PlatformName.Native)
                    .First());
                var published = BuiltImage.Of(workspace).ReadTags();
                var names = published.Tags.Select(x => $"{published.Repository}:{x.Name}").ToList();
                var state = await Engine.LoadAsync(layout, names) ? "loaded" : "there already";
                foreach (var name in names) Log.Information("{Name} {Digest} ({State})", name, layout.Digest, state);
            }

            ReportSummary(x => x.AddPair("Loaded", string.Join(", ", Selection)));
        });
}
