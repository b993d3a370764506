using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Layers;

namespace OpenStack.Tests.Layers;

/// <summary>Which packages are in a layer together.</summary>
public sealed class LayerPlannerTests
{
    [Fact]
    public void PackagesThatTheSameImagesHaveAreALayer()
    {
        var plan = LayerPlanner.Plan([Image("a", "p1 p2 q alone"), Image("b", "p1 p2 q"), Image("c", "p1 p2")]);
        Assert.Equal(["a b c: p1 p2", "a b: q"], Shown(plan));
        Assert.Equal(["p1", "p2"], plan.Of("c").SelectMany(x => x.Python));
    }

    [Fact]
    public void ThePackageOfAnImageThatHasAnotherOfTheNameIsNotShared() =>
        Assert.Equal(["a b: p"],
            Shown(LayerPlanner.Plan([Image("a", "p"), Image("b", "p"), Image("c", "p=changed")])));

    [Fact]
    public void NoImageSharesMoreLayersThanItMay()
    {
        // Each subset of six images has a package of its own.
        var images = Enumerable.Range(0, 6).Select(i => Image($"i{i}", string.Join(' ',
            Enumerable.Range(1, 63).Where(x => (x & (1 << i)) != 0).Select(x => $"p{x}")))).ToList();
        var free = LayerPlanner.Plan(images, most: 100);
        Assert.Equal(57, free.Layers.Count);
        foreach (var most in (int[])[1, 2, 5, 9])
        {
            var plan = LayerPlanner.Plan(images, most);
            Assert.All(images, x => Assert.InRange(plan.Of(x.Name).Count, 0, most));
            Assert.NotEmpty(plan.Layers);
            // What is in a layer is in all images that have it, once.
            foreach (var image in images)
            {
                var placed = plan.Of(image.Name).SelectMany(x => x.Python).ToList();
                Assert.Equal(placed.Count, placed.Distinct().Count());
                Assert.Subset(image.Packages.Keys.Select(x => x.Name).ToHashSet(), placed.ToHashSet());
            }

            Assert.Equal(plan.ToText(), LayerPlanner.Plan(images, most).ToText());
        }
    }

    [Fact]
    public void TheSmallestAreMergedFirst()
    {
        var images = new[] { Image("a", "big:900 x:10 y:20"), Image("b", "big:900 x:10"), Image("c", "big:900 y:20") };
        Assert.Equal(["a b c: big"], Shown(LayerPlanner.Plan(images, most: 1)));
    }

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        var plan = new LayerPlan([new PlannedLayer(["cinder", "nova"], ["libaio1t64"], ["oslo-config", "six"]),
            new PlannedLayer(["glance", "nova"], [], ["pbr"])]);
        var problems = new List<Problem>();
        var read = new LayerPlanFile("layers.yaml", problems).Parse(plan.ToText());
        Assert.Empty(problems);
        Assert.Equal(plan.ToText(), read.ToText());
        Assert.Equal("""
            layers:
              - images: [cinder, nova]
                debian:
                  - libaio1t64
                python:
                  - oslo-config
                  - six
              - images: [glance, nova]
                python:
                  - pbr

            """.ReplaceLineEndings("\n"), plan.ToText().Split("\n\n", 2)[1]);
    }

    [Theory]
    [InlineData("layer: []", "layers.yaml:1:1: 'layer' is not known here; expected layers. Did you mean 'layers'?")]
    [InlineData("layers: x", "layers.yaml:1:9: there is text; expected a list of layers")]
    [InlineData("layers:\n  - images: [nova]\n    pyton: [x]\n", "layers.yaml:3:5: 'pyton' is not known here; expected "
        + "images, debian, python. Did you mean 'python'?")]
    [InlineData("layers:\n  - images: [nova]\n    debian: ['X y']\n", "layers.yaml:3:14: 'X y' is not the name of an "
        + "apt package; expected lower-case letters, digits and + - . as in libpython3.12t64")]
    [InlineData("layers:\n  - images: [nova, cinder]\n    python: [x]\n  - images: [nova]\n    python: [x]\n",
        "layers.yaml: x (python) is in 2 layers of nova. Delete the file; RecordClosures writes it again")]
    public void MistakeIsReported(string text, string expected)
    {
        var problems = new List<Problem>();
        new LayerPlanFile("layers.yaml", problems).Parse(text);
        Assert.Equal([expected], problems.Select(x => x.ToString()));
    }

    static IEnumerable<string> Shown(LayerPlan plan) =>
        plan.Layers.Select(x => $"{string.Join(' ', x.Images)}: {string.Join(' ', x.Python)}");

    /// <summary><c>name</c>, <c>name:size</c>, <c>name=digest</c>.</summary>
    static ImagePackages Image(string name, string packages) => new(name, packages.Split(' ').ToDictionary(
        x => new FileOwner(OwnerKind.Python, x.Split(':', '=')[0]),
        x => new PackageFiles(x.Contains('=') ? x.Split('=')[1] : x.Split(':')[0],
            x.Contains(':') ? long.Parse(x.Split(':')[1]) : 100 + x.Length)));
}
