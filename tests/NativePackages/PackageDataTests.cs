using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.NativePackages;
using OpenStack.Storage;
using OpenStack.Tests.Lab;

namespace OpenStack.Tests.NativePackages;

/// <summary>The data of packages: read with every mistake named, filled in with four names and nothing else.</summary>
public sealed class PackageDataTests : IDisposable
{
    static readonly PackageVariables s_variables =
        new("nova", "2025.1", new PackageVersion(PythonVersion.Parse("31.3.1"), 2, 1));

    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void FourNamesAreFilledInAndNothingIsEvaluated() => Assert.Equal(
        "nova 31.3.1-p2 2025.1 {{ 7*7 }} $(id) ${nosuch} {service",
        s_variables.Fill("{service} {version}-p{patches} {release} {{ 7*7 }} $(id) ${nosuch} {service"));

    [Theory]
    [InlineData("a\nb {versoin}", "f:2:3: '{versoin}' stands for nothing; expected {service}, {version}, {release}, "
        + "{patches}. Did you mean 'version'?")]
    [InlineData("rm -rf ${service}", "f:1:8: '${service}' stands for nothing; expected {service}, {version}, "
        + "{release}, {patches}. Write $service, if a variable of the shell is meant")]
    [InlineData("{{ config }} {x}", "f:1:14: '{x}' stands for nothing; expected {service}, {version}, {release}, "
        + "{patches}")]
    public void AnotherNameIsToldWhenItIsRead(string text, string expected)
    {
        var problems = new List<Problem>();
        PackageVariables.Check(text, "f", 1, 1, problems);
        Assert.Equal([expected], problems.Select(x => x.ToString()));
    }

    [Fact]
    public void EveryMistakeOfAFileIsTold()
    {
        var problems = new List<Problem>();
        new PackageFile("p", problems).Parse("""
            summary: The service.
            unit: {}
            conflicts: [Nova]
            units:
              nova api:
                summary: API
                run: [../bin/sh, "{nosuch}"]
              nova-compute:
                summary: Agent
            """);
        Assert.Equal(["p:1:10", "p:2:1", "p:3:13", "p:5:3", "p:5:3", "p:7:11", "p:7:22", "p:8:3"],
            problems.OrderBy(x => x.Line).ThenBy(x => x.Column).Select(x => $"{x.File}:{x.Line}:{x.Column}"));
    }

    /// <summary>Scripts of every format have the same text of users, directories and units in them.</summary>
    [Fact]
    public void AScriptHasTheTextThatItIncludes()
    {
        var files = PackageFiles.Read(RepositoryRoot.Path / "packages", "keystone", out _);
        foreach (var (format, script) in ((string, string)[])[("deb", "postinst"), ("rpm", "pre")])
        {
            var text = files.OfService.Of(format).Scripts.Single(x => x.Path == script).Text;
            Assert.Contains("useradd --system --uid 42424", text, StringComparison.Ordinal);
            Assert.DoesNotContain(". scripts/", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ATextThatIsIncludedAndNotThereIsTold()
    {
        var packages = Copy();
        File.WriteAllText(packages / "service" / "rpm" / "scripts" / "post", "set -e\n. scripts/hots\n");
        Assert.Contains("packages/service/rpm/scripts/post:2:11: there is no script 'hots' that all formats have; "
            + "expected host. Did you mean 'host'?", Assert.Throws<ProblemException>(() =>
                PackageFiles.Read(packages, "keystone", out _)).Message, StringComparison.Ordinal);
    }

    AbsolutePath Copy()
    {
        AbsolutePath packages = RepositoryRoot.Path / "packages";
        foreach (var (name, entry) in FileTree.Entries(packages).Where(x => x.Entry is FileInfo))
            _directory.Write($"packages/{name}", File.ReadAllText(entry.FullName));
        return _directory.Path / "packages";
    }

    /// <summary>What the repository has of every service can be read, and each of them names its programs.</summary>
    [Fact]
    public void TheRepositorysOwnDataIsWithoutAMistake()
    {
        AbsolutePath packages = RepositoryRoot.Path / "packages";
        var services = Directory.GetDirectories(packages).Select(x => Path.GetFileName(x)!)
            .Where(x => File.Exists(packages / x / PackageFile.Name)).ToList();
        Assert.NotEmpty(services);
        var catalog = CatalogLoader.Load(RepositoryRoot.Path);
        foreach (var service in services)
        {
            PackageFiles.Read(packages, service, out var data);
            Assert.NotEmpty(data.Units);
            foreach (var release in catalog.Releases.Values)
                Assert.Empty(data.Units.Select(x => x.Run[0]).Where(x => x != "uwsgi")
                    .Except(release.EntryPointsOf(service)?.Scripts ?? []));
        }
    }

    [Theory]
    [InlineData(":5000", ":5000")]
    [InlineData("keystone.wsgi.api:application", "keystone.wsgi.api:application")]
    [InlineData("100%", "\"100%%\"")]
    [InlineData("$HOME", "\"$$HOME\"")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("a\"b\\", "\"a\\\"b\\\\\"")]
    [InlineData(";", "\";\"")]
    public void AWordOfAUnitIsOneWord(string word, string expected) => Assert.Equal(expected, UnitFile.Quote(word));
}
