using Nuke.Common;

namespace OpenStack.Pipeline.Selection;

/// <summary>A file that leaves this machine.</summary>
interface IHazExportTo : INukeBuild
{
    [Parameter("Export: file for the selected image, by default "
        + "artifacts/<release>/<service>/<service>-<release>.oci.tar; Prefetch: file for all inputs")]
    string? ExportTo => TryGetValue(() => ExportTo);
}
