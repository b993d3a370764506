using Nuke.Common;
using Nuke.Common.IO;

namespace OpenStack.Pipeline;

/// <summary>What a run leaves for those who look at where its time went.</summary>
interface IHazTrace : IHazRun
{
    [Parameter("File that gets the spans of the run (OTLP, a line of JSON each): targets, stages, steps of builds, "
        + "requests to registries; OTEL_EXPORTER_OTLP_ENDPOINT sends them")]
    AbsolutePath? Trace => TryGetValue(() => Trace);
}
