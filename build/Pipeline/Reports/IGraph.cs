using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Answers;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;

namespace OpenStack.Pipeline.Reports;

/// <summary>What the repository says → what is made of what.</summary>
interface IGraph : IHazScope, IHazAnswer, IHazImages
{
    [Parameter("How the graph is written: 'text', or alone on standard output, 'mermaid' or 'dot' - Default is 'text'")]
    GraphFormat Format => TryGetValue<GraphFormat?>(() => Format) ?? GraphFormat.Text;

    bool IHazAnswer.IsDocument => Json || Format != GraphFormat.Text;

    Target Graph => _ => _
        .Description("Shows what all images, or those selected, are made of: base images, sources, patches, libraries, "
            + "plugins, distributions; builds nothing")
        .Executes(() =>
        {
            if (Json && Format != GraphFormat.Text)
                throw new ProblemException("--json and --format are both given", "Leave out one of them");
            var services = RequireServices(nameof(Graph), ServicesInScope);
            var graph = ImageGraph.Of(Catalog, [.. services.Select(x => new SelectedImage(x.Component, x.Release))],
                InsteadOf);
            Answer(Json ? GraphText.JsonOf(graph) : GraphText.Of(graph, Format));
            ReportSummary(x => x.AddPair("Images", $"{graph.Images.Count}, made of {graph.Nodes.Count} parts"));
        });
}
