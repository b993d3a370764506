using OpenStack.Diagnostics;

namespace OpenStack.Tests.Catalog;

public sealed class SelectTests : IDisposable
{
    readonly TestRepository _repository = new TestRepository()
        .Write("releases/2025.2/source-refs.yaml", "keystone: 28.0.2\n")
        .Write("releases/2025.2/upper-constraints.txt", "")
        .Write("images/groups.yaml", "core: [nova, keystone]\ncompute: [nova]\n");

    public void Dispose() => _repository.Dispose();

    [Theory]
    [InlineData("nova", "2025.1", "nova/2025.1")]
    [InlineData("nova keystone nova", "2025.1", "nova/2025.1 keystone/2025.1")]
    [InlineData("keystone", "2025.2 2025.1", "keystone/2025.2 keystone/2025.1")]
    [InlineData("all", "all", "keystone/2025.1 nova/2025.1 keystone/2025.2")]
    [InlineData("nova", "all", "nova/2025.1")]
    [InlineData("all", "2025.2", "keystone/2025.2")]
    [InlineData("@core", "2025.1", "nova/2025.1 keystone/2025.1")]
    [InlineData("@core", "2025.2", "keystone/2025.2")]
    [InlineData("keystone @core", "2025.1", "keystone/2025.1 nova/2025.1")]
    [InlineData("no*", "all", "nova/2025.1")]
    [InlineData("*o*", "2025.?", "keystone/2025.1 nova/2025.1 keystone/2025.2")]
    [InlineData("keystone", "*.2 2025*", "keystone/2025.2 keystone/2025.1")]
    public void NamesBecomePairs(string services, string releases, string expected) =>
        Assert.Equal(expected, string.Join(' ', Select(services, releases)));

    [Theory]
    [InlineData("keyston", "2025.1", "there is no service 'keyston'. Did you mean 'keystone'?")]
    [InlineData("octavia", "2025.1", "there is no service 'octavia'. Choose from keystone, nova")]
    [InlineData("all octavia", "2025.1", "there is no service 'octavia'. Choose from keystone, nova")]
    [InlineData("oslo.config", "2025.1",
        "'oslo.config' has source refs but no image. Add images/oslo.config/Dockerfile, or choose from keystone, nova")]
    [InlineData("python-base", "2025.1", "'python-base' is an image but no service. Services are keystone, nova")]
    [InlineData("nova", "2025.2",
        "release 2025.2 has no 'nova'. Add it to releases/2025.2/source-refs.yaml, or choose from keystone")]
    [InlineData("nova", "2026.1", "there is no release '2026.1'. Did you mean '2025.1' or '2025.2'?")]
    [InlineData("../../etc", "2025.1", "'../../etc' is not the name of a service; expected lower-case letters, digits "
        + "and . _ - between them, as in oslo.messaging. Choose from keystone, nova")]
    [InlineData("nova", "$(x)",
        "'$(x)' is not the name of a release; expected year.number as in 2025.1. Choose from 2025.1, 2025.2")]
    [InlineData("", "2025.1", "no service is given. Choose from keystone, nova")]
    [InlineData("@cor", "2025.1", "there is no group '@cor'. Did you mean '@core'?")]
    [InlineData("@network", "2025.1", "there is no group '@network'. Choose from @core, @compute")]
    [InlineData("core", "2025.1", "'core' is a group and no service; expected @core")]
    [InlineData("nvoa*", "2025.1", "no service matches 'nvoa*'. Did you mean 'nova'?")]
    [InlineData("glance*", "2025.1", "no service matches 'glance*'. Choose from keystone, nova")]
    [InlineData("nova", "2024.*", "no release matches '2024.*'. Choose from 2025.1, 2025.2")]
    [InlineData("nova", "@core", "'@core' is not the name of a release; expected year.number as in 2025.1. Choose "
        + "from 2025.1, 2025.2")]
    [InlineData("@compute", "2025.2", "no release of 2025.2 has nova")]
    [InlineData("keystone @compute", "2025.2", "no release of 2025.2 has a service of '@compute'. Select other "
        + "releases, or leave it out")]
    [InlineData("@compute", "2025.1 *.2", "no release of '*.2' has nova. Select other services, or leave it out")]
    [InlineData("nova @core", "2025.2",
        "release 2025.2 has no 'nova'. Add it to releases/2025.2/source-refs.yaml, or choose from keystone")]
    public void UnknownNameIsReported(string services, string releases, string expected) =>
        Assert.Equal(expected, Assert.Throws<ProblemException>(() => Select(services, releases)).Message);

    [Fact]
    public void AllUnknownNamesAreReportedTogether() =>
        Assert.Equal(3, Assert.Throws<ProblemException>(() => Select("nvoa keyston", "2024")).Problems.Count);

    IEnumerable<string> Select(string services, string releases) => _repository.Load()
        .Select(Split(services), Split(releases)).Select(x => $"{x.Service}/{x.Release.Name}");

    static string[] Split(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
