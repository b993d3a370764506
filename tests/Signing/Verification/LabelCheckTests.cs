using OpenStack.Images;
using OpenStack.Signing;

namespace OpenStack.Tests.Signing.Verification;

public sealed class LabelCheckTests
{
    const string Input = $"label.{ImageLabels.ReleaseStatus}";

    static readonly IReadOnlyDictionary<string, string> s_inputs = new Dictionary<string, string>
    {
        ["arg.PBR_VERSION"] = "27.0.0",
        [Input] = "maintained",
    };

    static readonly IReadOnlyDictionary<string, string> s_labels = new Dictionary<string, string>
    {
        ["org.opencontainers.image.version"] = "27.0.0",
        ["org.openstack.release.status"] = "maintained",
    };

    [Fact]
    public void TheLifeOfTheReleaseIsWhatTheProvenanceSays()
    {
        Assert.Empty(Check(s_labels, s_inputs));
        Assert.Equal("image: the label org.openstack.release.status is 'maintained'; expected 'end of life', as its "
            + "provenance says. Do not believe the labels of this image; build it again",
            Assert.Single(Check(s_labels, new Dictionary<string, string>(s_inputs) { [Input] = "end of life" })));
        Assert.StartsWith("image: the label org.openstack.release.status is 'maintained'; expected not there",
            Assert.Single(Check(s_labels, s_inputs.Where(x => x.Key != Input).ToDictionary())),
            StringComparison.Ordinal);
    }

    /// <summary>As those are that were built before there was such a label.</summary>
    [Fact]
    public void AnImageThatSaysNothingOfItIsNotWrong() => Assert.Empty(Check(
        s_labels.Where(x => x.Key != ImageLabels.ReleaseStatus).ToDictionary(),
        s_inputs.Where(x => x.Key != Input).ToDictionary()));

    static IEnumerable<string> Check(
        IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> inputs) =>
        LabelCheck.Of("image", labels, new Provenance("keystone",
            new PublicationTarget("ghcr.io/c5c3/keystone", ["2025.1"], ["2025.1"]), inputs)
        {
            Platforms = ["linux/amd64"],
            Builder = Builder.Of(_ => null),
            BuilderVersion = "a1b2c3d",
        }).Select(x => x.ToString());
}
