using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using Serilog;

namespace OpenStack.Pipeline.Publication;

/// <summary>Images → one file each.</summary>
interface IExport : IBuildService, IHazExportTo
{
    Target Export => _ => _
        .Description("Writes each of the selected images as an OCI archive, which docker load, "
            + "podman load and skopeo take")
        .DependsOn<IBuildService>(x => x.BuildService)
        .Executes(async () =>
        {
            var services = RequireServices(nameof(Export));
            if (ExportTo is not null && services.Count > 1)
                throw new ProblemException($"--export-to names one file, and {Selection.Count} images are selected: "
                    + $"{string.Join(", ", Selection)}", "Leave it out, or select one image");
            foreach (var workspace in services) await ExportAsync(workspace);
        });

    async Task ExportAsync(Workspace workspace)
    {
        var layout = BuiltImage.Of(workspace).Open();
        var name =
            $"{RepositoryName.Of(RepositoryName.Namespace(Registry), workspace.Component)}:{workspace.Release.Name}";
        var file = await WriteExportAsync(
            ExportTo ?? workspace.Directory / $"{workspace.Component}-{workspace.Release.Name}.oci.tar",
            output => OciArchive.WriteAsync(layout, [name], output));
        Log.Information("{Name} {Digest} {File} ({Size} MB)", name, layout.Digest, file,
            new FileInfo(file).Length / 1_000_000);
        ReportSummary(x => x.AddPair("Exported", Path.GetRelativePath(RootDirectory, file)));
    }
}
