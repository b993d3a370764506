using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Constraints;

public class ConstraintDiffTests
{
    const string Upper = """
        cryptography===43.0.3
        glance_store===4.10.0;python_version=='3.9'
        glance_store===5.2.0;python_version>='3.10'
        horizon===25.5.2
        oslo.messaging===17.1.0
        pbr===7.0.1
        """;

    const string Overrides = """
        # CVE-2026-0001 | a_b:
        # fixed in 44.0.1
        cryptography===44.0.1
        -glance-store # built into the base
        pbr===7.0.1
        uwsgi===2.0.28
        crytography===44
        """;

    static readonly ConstraintOverrides s_wheel = ConstraintOverrides.OfWheel(
        Pin.TryParse("oslo.messaging===17.1.0+p1", out _)!, "source-refs.yaml", 9, 1);

    static readonly ConstraintDiff s_diff = Diff(Overrides, s_wheel);

    [Fact]
    public async Task Table() => await Verify(string.Join('\n', s_diff.ToTable().Lines));

    [Fact]
    public async Task Markdown() => await Verify(s_diff.ToMarkdown());

    [Fact]
    public async Task Json() => await Verify(s_diff.ToJson());

    [Fact]
    public void SelfPinIsThatOfItsServiceAlone()
    {
        var change = Assert.Single(s_diff.Changes, x => x.Kind == ConstraintChangeKind.SelfPin);
        Assert.Equal("horizon", change.Name);
        Assert.Equal(["dashboard", "horizon"], change.Services);
    }

    [Fact]
    public void NothingChangedIsSaid() => Assert.Equal("## Constraints of 2025.2\n\nAs in openstack/requirements.\n",
        Of("", new Dictionary<string, string>()).ToMarkdown());

    [Fact]
    public void OverrideWithoutEffectIsAnError() =>
        Assert.Equal("o:1:1: 'pbrr' is to be removed, but is not there. Did you mean 'pbr'?",
            Assert.Throws<ProblemException>(() => Diff("-pbrr")).Message);

    static ConstraintDiff Diff(string overrides, params ConstraintOverrides[] wheels) =>
        Of(overrides, new Dictionary<string, string>
        {
            ["horizon"] = "Horizon",
            ["dashboard"] = "horizon",
            ["keystone"] = "keystone",
        }, wheels);

    static ConstraintDiff Of(string overrides, Dictionary<string, string> distributions,
        params ConstraintOverrides[] wheels) =>
        ConstraintDiff.Of("2025.2", UpperConstraints.Parse(Upper, "u"),
            [ConstraintOverrides.Parse(overrides, "o"), .. wheels], distributions);
}
