namespace OpenStack.Tests.Catalog;

public sealed class EntryPointsTests : IDisposable
{
    const string File = "releases/2025.1/entry-points.yaml";

    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void ScriptsAndModulesAreReadPerComponent()
    {
        var release = _repository.Write(File, """
            keystone:
              scripts: [keystone-manage, keystone-status]
              wsgi: [keystone.wsgi.api]
            nova:
              distribution: openstack-nova
            """).Load().Releases["2025.1"];
        var keystone = release.EntryPointsOf("keystone")!;
        Assert.Equal("keystone", keystone.Distribution);
        Assert.Equal(["keystone-manage", "keystone-status"], keystone.Scripts);
        Assert.Equal(["keystone.wsgi.api"], keystone.Wsgi);
        Assert.Equal("openstack-nova", release.EntryPointsOf("nova")!.Distribution);
        Assert.Null(release.EntryPointsOf("oslo.config"));
    }

    [Theory]
    [InlineData("keyston: {}", ":1:1: 'keyston' is not in source-refs.yaml of this release. Did you mean 'keystone'?")]
    [InlineData("nova:\n  script: []",
        ":2:3: 'script' is not known here; expected distribution, scripts, wsgi, migrations. Did you mean 'scripts'?")]
    [InlineData("nova:\n  scripts: nova-manage",
        ":2:12: there is text; expected a list. Write '- nova-manage' in a line of its own")]
    [InlineData("nova:\n  scripts: [../sh]", ":2:13: '../sh' is not the name of a program; expected letters, digits "
        + "and . _ + - that begin with a letter or a digit")]
    [InlineData("nova:\n  scripts: [a, a]", ":2:16: 'a' is there twice. Remove one of them")]
    [InlineData("nova:\n  wsgi: ['nova.wsgi.api:application']", ":2:10: 'nova.wsgi.api:application' is not the name of "
        + "a Python module; expected identifiers with dots between them as in nova.wsgi.metadata")]
    [InlineData("nova:\n  distribution: -x",
        ":2:17: '-x' is not the name of a Python distribution; expected letters, digits and . _ - between them")]
    public void MistakeIsReported(string text, string expected) =>
        Assert.Equal([File + expected], _repository.Write(File, text).Problems());
}
