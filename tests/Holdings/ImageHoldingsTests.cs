using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Holdings;
using OpenStack.Oci;
using OpenStack.Signing;
using OpenStack.Tests.Signing;
using OpenStack.Tests.Signing.Verification;

namespace OpenStack.Tests.Holdings;

/// <summary>What the signed SBOMs of published images say, on the laboratory's registry and with its cosign.</summary>
[Trait("Group", "Lab")]
public sealed class ImageHoldingsTests(TestKeys keys) : IClassFixture<TestKeys>
{
    /// <summary>
    /// What is published is read once; what somebody else has signed, or nobody, is not counted and not remembered.
    /// </summary>
    [Fact]
    public async Task WhoHasAPackageIsReadFromWhatIsSignedAndRemembered()
    {
        var images = new SignedImages(keys);
        var (@base, @namespace) = (images.Base(), $"t{Guid.NewGuid():N}");
        var service = images.Service(@base, content: @namespace);
        using var client = new RegistryClient(SignedImages.Registry);
        await images.PublishAsync(client, @namespace, @base, service, await images.SignAsync(service,
            SignedImages.ProvenanceOf(@base, [SignedImages.Fixed, "2025.1"], ["2025.1"])));
        await images.PublishAsync(client, @namespace, @base, @base,
            await images.SignAsync(@base, SignedImages.ProvenanceOfBase, keys.Foreign), [new("foreign", true)]);
        var memory = SignedImages.NewDirectory(keys);
        async Task<ImageHoldings> AskAsync(KeyReference key, AbsolutePath memory)
        {
            var sboms = new AttachedSboms(keys.Cosign, Trust.Of(key, null, null),
                await keys.Cosign.PublicKeyAsync(key), null);
            var holdings = new ImageHoldings();
            await holdings.AddPublishedAsync(client,
                new RegistryReference(SignedImages.Registry, $"{@namespace}/keystone"), sboms,
                new HeldMemory(memory));
            return holdings;
        }

        for (var i = 0; i < 2; i++)
        {
            var holdings = await AskAsync(keys.Public, memory);
            Assert.Equal(["linux/amd64", "linux/arm64"], holdings.Found.Select(x => x.Image.Platform));
            Assert.All(holdings.Found, x => Assert.Equal(["2025.1", SignedImages.Fixed], x.Tags));
            var unknown = Assert.Single(holdings.Unknown);
            Assert.Equal(["foreign"], unknown.Tags);
            Assert.Contains("and none by", unknown.Because, StringComparison.Ordinal);
            var remembered = Assert.Single(Directory.GetFiles(memory));
            Assert.Equal($"{service.Digest.Replace(':', '-')}.holdings", Path.GetFileName(remembered));
            // What is remembered is what is answered: nobody else knows of this.
            Assert.Equal(i > 0, holdings.Found.All(x => x.Image.Digest == "remembered"));
            await File.WriteAllTextAsync(remembered, Regex.Replace(await File.ReadAllTextAsync(remembered),
                "\"digest\":\"[^\"]*\"", "\"digest\":\"remembered\""));
        }

        // Whose SBOMs count is part of the directory's name: with another key only what is remembered is the service.
        string[] Named(ImageHoldings holdings) =>
            [.. holdings.Found.SelectMany(x => x.Tags).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["foreign"], Named(await AskAsync(keys.ForeignPublic, SignedImages.NewDirectory(keys))));
        Assert.Equal(["2025.1", SignedImages.Fixed, "foreign"], Named(await AskAsync(keys.ForeignPublic, memory)));
    }
}
