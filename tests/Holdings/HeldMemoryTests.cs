using OpenStack.Holdings;
using OpenStack.Tests.Lab;
using OpenStack.Tests.Sbom;

namespace OpenStack.Tests.Holdings;

/// <summary>What is remembered is what was read, whatever its names are.</summary>
public sealed class HeldMemoryTests : IDisposable
{
    const string Digest = "sha256:01";

    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    HeldMemory Memory => new(_directory.Path / "memory");

    string File => Assert.Single(Directory.GetFiles(_directory.Path / "memory"));

    static HeldImage Service => HeldImage.Read("x", "y",
        BomOf.Image(SmallService.Image(), SmallService.Subject(1)).GetRawText(), "x");

    static HeldImage Of(params IReadOnlyList<string> names) => new("image", "linux/amd64", "sha256:02",
        [.. names.Select(x => new HeldComponent($"generic/{x}", x, "1", null, null, "how", []))]);

    static Question Ask(string package) => Question.Of(package, null, new Dictionary<string, Func<Change>?>());

    [Fact]
    public async Task AllOfItIsThereAgain()
    {
        Assert.Null(await Memory.ReadAsync(Digest, null));
        // Most components have no commit, and a patch may have no text.
        Assert.Contains(Service.Components, x => x is { Commit: null, Remote: null });
        Assert.Contains(Service.Components, x => x.Patches.Length > 0);
        Memory.Write(Digest, [Service, Of("a"), Of()]);
        Assert.Equivalent((HeldImage[])[Service, Of("a"), Of()], await Memory.ReadAsync(Digest, null), strict: true);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\tb")]
    [InlineData("=")]
    [InlineData("-")]
    [InlineData("")]
    [InlineData("\u00e9\"\\")]
    public async Task ANameMayBeAnything(string name)
    {
        Memory.Write(Digest, [Of("x", name, "y"), Of(name)]);
        Assert.Equivalent((HeldImage[])[Of("x", name, "y"), Of(name)], await Memory.ReadAsync(Digest, null),
            strict: true);
    }

    [Fact]
    public async Task OfAPackageThatIsAskedForOnlyItsComponentsAreRead()
    {
        Memory.Write(Digest, [Of("Oslo_Messaging", "oslo", "oslo.messaging-x", "oslo.messaging")]);
        async Task<IEnumerable<string>> ReadAsync(Question question) =>
            (await Memory.ReadAsync(Digest, question))!.Single().Components.Select(x => x.Name);
        Assert.Equal(["Oslo_Messaging", "oslo.messaging"], await ReadAsync(Ask("oslo-messaging")));
        Assert.Equal(["oslo"], await ReadAsync(Ask("OSLO")));
        Assert.Empty(await ReadAsync(Ask("osl")));
        // A purl is not the name alone, and what lacks a change is told by what others are.
        Assert.Equal(4, (await ReadAsync(Ask("pkg:generic/oslo"))).Count());
        Assert.Equal(4, (await ReadAsync(Ask("oslo") with { Change = Change.OfCommit("0123456789") })).Count());
    }

    [Theory]
    [InlineData("openstack-images holdings 2", "openstack-images holdings 1")]
    [InlineData("\"how\":", "\"who\":")]
    [InlineData("={", "=[")]
    public async Task WhatAnotherVersionHasWrittenIsReadAnew(string part, string instead)
    {
        Memory.Write(Digest, [Of("a")]);
        var text = await System.IO.File.ReadAllTextAsync(File);
        Assert.Contains(part, text, StringComparison.Ordinal);
        await System.IO.File.WriteAllTextAsync(File, text.Replace(part, instead, StringComparison.Ordinal));
        Assert.Null(await Memory.ReadAsync(Digest, null));
    }
}
