using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary>A layer that several images have.</summary>
/// <param name="Images">Their names, sorted.</param>
/// <param name="Debian">Packages of the distribution whose files are in it, sorted.</param>
/// <param name="Python">Python distributions whose files are in it, sorted; names after PEP 503.</param>
public sealed record PlannedLayer(
    IReadOnlyList<string> Images, IReadOnlyList<string> Debian, IReadOnlyList<string> Python);

/// <summary>
/// <c>layers.yaml</c>: which packages the images of a release have in layers of their own, so that a registry stores,
/// and a node pulls, what several images have but once. Written by <c>RecordClosures</c>, kept in version control: an
/// image that is built alone has the layers that it has beside all others. Without it an image has the layers of the
/// steps that made it.
/// </summary>
/// <param name="Layers">Lowest first.</param>
[DescribedFile("Which packages images have in layers that they share; written by RecordClosures, committed",
    Place = Place)]
public sealed record LayerPlan(IReadOnlyList<PlannedLayer> Layers)
{
    public const string Name = "layers.yaml";

    public const string Place = "releases/<release>/" + Name;

    public static YamlShape Shape => LayerPlanFile.Shape;

    /// <summary>What an image of the plan has, lowest first; none of an image that is not in it.</summary>
    public IReadOnlyList<PlannedLayer> Of(string image) => [.. Layers.Where(x => x.Images.Contains(image))];

    /// <summary>What an image with such layers depends on: not on which others have them.</summary>
    public static string DigestOf(IReadOnlyList<PlannedLayer> layers) =>
        Digest.OfText(new LayerPlan([.. layers.Select(x => x with { Images = [] })]).ToText());

    /// <param name="file">Need not be there.</param>
    /// <param name="shownAs">The file's name in messages.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="ProblemException">All mistakes of the file.</exception>
    public static LayerPlan? Read(AbsolutePath file, string shownAs)
    {
        if (!File.Exists(file)) return null;
        var problems = new List<Problem>();
        var plan = new LayerPlanFile(shownAs, problems).Parse(Utf8File.Read(file, shownAs));
        ProblemException.ThrowIfAny(problems);
        return plan;
    }

    /// <summary>A line for each package: that one has come or gone is a difference of that line.</summary>
    public string ToText()
    {
        var text = new StringBuilder(YamlSchema.LineOf(Place))
            .Append("# Written by RecordClosures: the packages that images have in layers which they "
            + "share, lowest first.\n\nlayers:\n");
        foreach (var layer in Layers)
        {
            text.Append($"  - {LayerPlanFile.Images}: [{string.Join(", ", layer.Images)}]\n");
            Append(text, LayerPlanFile.Debian, layer.Debian);
            Append(text, LayerPlanFile.Python, layer.Python);
        }

        return text.ToString();
    }

    static void Append(StringBuilder text, string key, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return;
        text.Append($"    {key}:\n");
        foreach (var name in names) text.Append($"      - {name}\n");
    }
}

/// <summary>Reads a plan of layers.</summary>
sealed class LayerPlanFile(string file, List<Problem> problems) : YamlReader(file, problems)
{
    public const string Images = "images";
    public const string Debian = "debian";
    public const string Python = "python";

    const string Layers = "layers";

    static readonly YamlFields s_layer = new(
        new(Images, "The images that have it", YamlShape.List(YamlShape.Text(Names.Component))),
        new(Debian, "Packages of the distribution whose files are in it",
            YamlShape.List(YamlShape.Text(Names.AptPackage))),
        new(Python, "Python distributions whose files are in it",
            YamlShape.List(YamlShape.Text(Names.PythonDistribution))));

    internal static YamlFields Shape { get; } = new(
        new YamlField(Layers, "Layers that several images have, lowest first", YamlShape.Sequence(s_layer)));

    public LayerPlan Parse(string text)
    {
        var layers = new List<PlannedLayer>();
        foreach (var (key, value) in Entries(ReadRoot(text), Layers))
        {
            if (key.Value != Layers) ReportUnknown(key, Shape.Keys);
            else if (value is YamlSequence sequence) layers.AddRange(sequence.Items.Select(ParseLayer));
            else Report(value, $"there is {value.Kind}", "a list of layers");
        }

        CheckPlaces(layers);
        return new LayerPlan(layers);
    }

    PlannedLayer ParseLayer(YamlNode node)
    {
        var layer = new PlannedLayer([], [], []);
        foreach (var (key, value) in Entries(node, string.Join(", ", s_layer.Keys)))
        {
            switch (key.Value)
            {
                case Images:
                    layer = layer with { Images = Items(value, Names.Component) };
                    break;
                case Debian:
                    layer = layer with { Debian = Items(value, Names.AptPackage) };
                    break;
                case Python:
                    layer = layer with { Python = Items(value, Names.PythonDistribution) };
                    break;
                default:
                    ReportUnknown(key, s_layer.Keys);
                    break;
            }
        }

        return layer;
    }

    /// <summary>A file is in one layer of an image.</summary>
    void CheckPlaces(List<PlannedLayer> layers)
    {
        foreach (var twice in layers.SelectMany(x => x.Images.SelectMany(image =>
                x.Debian.Select(y => (image, Debian, y)).Concat(x.Python.Select(y => (image, Python, y)))))
            .GroupBy(x => x).Where(x => x.Count() > 1))
        {
            var (image, kind, name) = twice.Key;
            Problems.Add(new Problem($"{name} ({kind}) is in {twice.Count()} layers of {image}", File,
                Remedy: "Delete the file; RecordClosures writes it again"));
        }
    }
}
