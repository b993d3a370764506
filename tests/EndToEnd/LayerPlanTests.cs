using OpenStack.Catalog;
using OpenStack.Oci;
using OpenStack.Tests.Layers;

namespace OpenStack.Tests.EndToEnd;

/// <summary>Two real images, before and after there is a plan of their layers.</summary>
[Trait("Group", "Lab")]
public sealed class LayerPlanTests : IDisposable
{
    const string Both = "--service keystone placement --release 2025.1 --profile lab --no-logo";

    readonly RepositoryCopy _repository = new RepositoryCopy().WithLab();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task WhatImagesHaveInCommonTheyShare()
    {
        (await _repository.RunAsync($"RecordClosures --layers {Both}")).ShouldSucceed();
        var before = Images().ToDictionary(x => x.Key, x => DividedLayerFuzzTests.Seen(x.Value));
        var plan = LayerPlan.Read(_repository.Root / ".nuke/ref-locks/2025.1" / LayerPlan.Name, LayerPlan.Name)!;
        Assert.Contains("keystoneauth1", plan.Of("placement").SelectMany(x => x.Python));

        (await _repository.RunAsync($"TestImage {Both}")).ShouldSucceed();
        var images = Images();
        foreach (var (service, image) in images)
        {
            image.Verify();
            // What a container finds is the same, entry for entry.
            Assert.Equal(before[service], DividedLayerFuzzTests.Seen(image));
        }

        var (keystone, placement) = (images["keystone"].ReadManifest().Layers,
            images["placement"].ReadManifest().Layers);
        var own = placement.Except(keystone).Sum(x => x.Size);
        Assert.InRange((double)own / placement.Sum(x => x.Size), 0, 0.1);

        // A patch moves the layer of the service and no other.
        _repository.Write("patches/placement/2025.1/0001-x.patch", """
            --- a/placement/context.py
            +++ b/placement/context.py
            @@ -1,3 +1,4 @@
            +# A line.
             #    Licensed under the Apache License, Version 2.0 (the "License"); you may
             #    not use this file except in compliance with the License. You may obtain
             #    a copy of the License at

            """.ReplaceLineEndings("\n"));
        (await _repository.RunAsync($"BuildService {Both}")).ShouldSucceed();
        Assert.Single(Images()["placement"].ReadManifest().Layers.Except(placement));
        Assert.Equal(keystone, Images()["keystone"].ReadManifest().Layers);
    }

    [Fact]
    public async Task AModuleThatImportsWhatIsLeftOutIsTold()
    {
        _repository.Write("patches/keystone/2025.1/0001-x.patch", """
            --- a/keystone/version.py
            +++ b/keystone/version.py
            @@ -12,4 +12,5 @@
             
             
            +from keystone.tests import unit
             def release_string():
                 return 'v3.14'

            """.ReplaceLineEndings("\n"));
        (await _repository.RunAsync(BuiltImages.Command)).ShouldFail(
            "keystone/version.py has 'from keystone.tests', of what is left out by files-left-out:");
    }

    Dictionary<string, OciLayout> Images() => new[] { "keystone", "placement" }.ToDictionary(x => x,
        x => OciLayout.Open(_repository.Root / "artifacts" / "2025.1" / x / "image"));
}
