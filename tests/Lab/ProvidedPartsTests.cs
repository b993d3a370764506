using Nuke.Common.IO;
using OpenStack.Lab;
using OpenStack.Oci;

namespace OpenStack.Tests.Lab;

public sealed class ProvidedPartsTests : IDisposable
{
    static readonly LabDemand s_all = new([]);
    static readonly LabDemand s_keystone = new([]) { Services = ["keystone"], Libraries = [], Signs = false };

    readonly TemporaryDirectory _directory = new();

    AbsolutePath Remembered => _directory.Path / "complete";

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_was_provided_is_covered_and_nothing_else()
    {
        var provided = Remember(s_keystone, s_keystone with { Services = ["placement"] });
        Assert.True(provided.Cover(s_keystone));
        Assert.True(provided.Cover(s_keystone with { Services = ["placement", "keystone"] }));
        Assert.True(provided.Cover(s_keystone with { Platforms = [PlatformName.Native] }));
        Assert.True(provided.Cover(s_keystone with { Services = [] }));
        Assert.False(provided.Cover(s_keystone with { Services = ["nova"] }));
        Assert.False(provided.Cover(s_keystone with { Signs = true }));
        Assert.False(provided.Cover(s_keystone with { Tests = true }));
        Assert.False(provided.Cover(s_keystone with { Libraries = ["oslo.policy"] }));
        Assert.False(provided.Cover(s_keystone with { Platforms = ["linux/other"] }));
        Assert.False(provided.Cover(s_all));
    }

    [Fact]
    public void All_of_a_kind_covers_each_of_it()
    {
        var provided = Remember(s_all with { Libraries = [], Signs = false });
        Assert.True(provided.Cover(s_keystone));
        Assert.False(provided.Cover(s_keystone with { Libraries = ["oslo.policy"] }));
        Assert.False(provided.Cover(s_keystone with { Platforms = ["linux/other"] }));
    }

    [Fact]
    public void What_tests_want_is_provided_by_service()
    {
        var provided = Remember(s_keystone with { Tests = true });
        Assert.True(provided.Cover(s_keystone));
        Assert.True(provided.Cover(s_keystone with { Tests = true }));
        Assert.False(provided.Cover(s_keystone with { Tests = true, Services = ["placement"] }));
        Assert.True(Remember(s_all with { Tests = true }).Cover(s_keystone with { Tests = true }));
    }

    [Fact]
    public void A_foreign_platform_has_the_handler_that_it_had_last()
    {
        var demand = s_keystone with { Platforms = ["linux/other"] };
        var first = new ProvidedParts()
            .With(demand, PlatformName.Native, new Dictionary<string, string> { ["linux/other"] = "qemu-other" });
        var second = first.With(demand, PlatformName.Native,
            new Dictionary<string, string> { ["linux/other"] = "ours" });
        Assert.True(second.Cover(demand));
        Assert.Equal(["ours"], second.Handlers(["linux/other", PlatformName.Native]));
    }

    [Fact]
    public void A_laboratory_of_something_else_has_nothing()
    {
        Remember(s_keystone);
        Assert.Null(ProvidedParts.Read(Remembered, "another suite\n"));
        Assert.Null(ProvidedParts.Read(_directory.Path / "nothing", "of this\n"));
    }

    ProvidedParts Remember(params LabDemand[] demands)
    {
        var parts = demands.Aggregate(new ProvidedParts(),
            (x, y) => x.With(y, PlatformName.Native, new Dictionary<string, string>()));
        File.WriteAllText(Remembered, parts.ToText("of this\n"));
        return ProvidedParts.Read(Remembered, "of this\n")!;
    }
}
