namespace OpenStack.Tests.Catalog;

public sealed class PatchCatalogTests : IDisposable
{
    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void PatchesComeInTheOrderOfTheirNames()
    {
        _repository.Write("patches/nova/2025.1/0010-b.patch", "").Write("patches/nova/2025.1/0002-a.patch", "")
            .Write("patches/nova/2025.1/README.md", "")
            .Write("patches/nova/2025.1/.gitkeep", "")
            .Write("patches/.gitkeep", "");
        var patches = _repository.Load().Patches;
        Assert.Equal(["0002-a.patch", "0010-b.patch"],
            patches.Of("nova", "2025.1").Select(x => Path.GetFileName((string)x)));
        Assert.Empty(patches.Of("keystone", "2025.1"));
    }

    [Theory]
    [InlineData("patches/nvoa/2025.1/a.patch", "patches/nvoa: no release has a component 'nvoa'. Did you mean 'nova'?")]
    [InlineData("patches/nova/2025.3/a.patch",
        "patches/nova/2025.3: there is no release '2025.3'. Did you mean '2025.1'?")]
    [InlineData("patches/nova/a.patch",
        "patches/nova/a.patch: a file stands where directories belong. a.patch belongs into patches/nova/<release>/")]
    [InlineData("patches/nova/2025.1/a.diff", "patches/nova/2025.1/a.diff: this is not applied; expected *.patch, "
        + "applied in the order of their names. Rename or remove it; notes go into a README")]
    public void WhatWouldNotBeAppliedIsReported(string file, string expected) =>
        Assert.Equal([expected], _repository.Write(file, "").Problems());

    [Fact]
    public void PatchForAReleaseWithoutTheComponentIsReported()
    {
        _repository.Write("releases/2025.2/source-refs.yaml", "keystone: 28.0.2\n")
            .Write("releases/2025.2/upper-constraints.txt", "")
            .Write("patches/nova/2025.2/a.patch", "");
        Assert.Equal(
            ["patches/nova/2025.2: release 2025.2 has no component 'nova'. Add it to "
                + "releases/2025.2/source-refs.yaml, or remove the directory"],
            _repository.Problems());
    }
}
