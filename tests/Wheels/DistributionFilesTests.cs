using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Sbom;
using OpenStack.Tests.Sbom;
using OpenStack.Wheels;

namespace OpenStack.Tests.Wheels;

public sealed class DistributionFilesTests : IDisposable
{
    const string Sum = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    const string Sound = $$"""
        [
          {"name": "six", "version": "1.17.0", "file": "six-1.17.0-py2.py3-none-any.whl", "sha256": "{{Sum}}",
              "url": "https://files.example.org/six-1.17.0-py2.py3-none-any.whl"},
          {"name": "uWSGI", "version": "2.0.28", "file": "uwsgi-2.0.28-cp313-cp313-linux_x86_64.whl",
              "sha256": "{{Sum}}",
           "builtFrom": {"file": "uwsgi-2.0.28.tar.gz", "sha256": "{{Sum}}"} },
          {"name": "rfc3986", "version": "2.0", "file": "rfc3986-2.0.0-py2.py3-none-any.whl", "sha256": "{{Sum}}",
              "something": "younger"}
        ]
        """;

    const string A = $$"""{"name": "a", "version": "1", "file": "a.whl", "sha256": "{{Sum}}" """;
    const string B = $$"""{"name": "A", "version": "1", "file": "b.whl", "sha256": "{{Sum}}" """;

    readonly SmallImage _image = SmallService.Image();

    public void Dispose() => _image.Dispose();

    [Fact]
    public void ADistributionNamesTheFileThatCameFromTheIndex()
    {
        var subject = Subject(DistributionFiles.Parse(Sound, "x"));
        var bom = BomOf.Image(_image, subject);
        Assert.Contains("distribution https://files.example.org/six-1.17.0-py2.py3-none-any.whl (the "
            + "file that it was installed " + "from)",
            BomOf.References(BomOf.Components(bom).Single(x => BomOf.Text(x, "purl") == "pkg:pypi/six@1.17.0")));
        Assert.Equal(
            [
                "distribution uwsgi-2.0.28-cp313-cp313-linux_x86_64.whl (the file that it was installed from)",
                "distribution uwsgi-2.0.28.tar.gz (the source archive that it was built from)",
            ],
            BomOf.References(BomOf.Component(bom, "uWSGI")));
        Assert.Equal(
            Sum,
            BomOf.Component(bom, "uWSGI").GetProperty("externalReferences")[0].GetProperty("hashes")[0]
                .GetProperty("content").GetString());
        // One version, spelt in two ways.
        Assert.Contains(
            BomOf.References(BomOf.Component(bom, "rfc3986")), x =>
            x.StartsWith("distribution rfc3986", StringComparison.Ordinal));
        // What was built from source, and what another distribution has for itself, came from no index.
        Assert.Equal(
            ["distributions that distributions.json does not list: 4 (broken, memcache, python-ldap, setuptools)"],
            BomOf.Warnings(_image, subject).Where(IsOfFiles));
        Assert.Empty(BomOf.Properties(BomOf.Component(bom, "keystone"), "python:unknown-file"));
    }

    [Fact]
    public void WhereNobodyRecordedThemThereIsNothingToSay()
    {
        Assert.Null(DistributionFiles.Find(_image.Directory));
        Assert.DoesNotContain(BomOf.Warnings(_image, SmallService.Subject()), IsOfFiles);
    }

    static bool IsOfFiles(string warning) => warning.Contains(DistributionFiles.FileName, StringComparison.Ordinal);

    [Fact]
    public void CredentialsOfTheIndexAreNotPublished()
    {
        var file = new DistributionFile("a", "1", "a.whl", Sum, "https://user:pass@index.example/a.whl?x=a@b");
        Assert.Equal("https://index.example/a.whl?x=a@b", file.PublicUrl);
        Assert.Equal("a.whl", (file with { Url = null }).PublicUrl);
        var archive = new SourceArchive("a.tar.gz", Sum, "https://token@index.example/a.tar.gz");
        Assert.Equal("https://index.example/a.tar.gz", DistributionFile.PublicUrlOf(archive.Url, archive.File));
    }

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        var files = DistributionFiles.Parse(Sound, "x");
        File.WriteAllText(_image.Directory / "distributions.json", files.ToJson());
        var read = DistributionFiles.Find(_image.Directory)!;
        Assert.Equal(files.ToJson(), read.ToJson());
        Assert.Equal("six-1.17.0-py2.py3-none-any.whl", read.Of(PythonName.Of("Six"), "1.17")!.File);
        Assert.Null(read.Of(PythonName.Of("six"), "1.18.0"));
    }

    [Theory]
    [InlineData("", "x:1:1: these are no files of distributions")]
    [InlineData("null", "these are no files of distributions: null")]
    [InlineData("{}", "x:1:")]
    [InlineData("[null]", "entry 1: it is null")]
    [InlineData("[{}]", "entry 1: '' is no name of a distribution")]
    [InlineData("""[{"name": "a", "version": "1", "file": "../a.whl", "sha256": "0"}]""", "entry 1 (a): file is " +
        "'../a.whl'; expected the name of a wheel or source archive", "sha256 is '0'; expected 64 hexadecimal digits")]
    [InlineData($$"""[{{A}}, "url": "file:///x"}]""", "url is 'file:///x'; expected one of http or https")]
    [InlineData($$"""[{{A}}, "builtFrom": {"file": "a"} }]""", "builtFrom.file is 'a'", "builtFrom.sha256 is ''")]
    [InlineData($$"""[{{A}} }, {{B}} }]""", "a 1 is listed with a.whl and b.whl")]
    public void WhatIsNoRecordIsAProblem(string text, params string[] parts)
    {
        var message = Assert.Throws<ProblemException>(() => DistributionFiles.Parse(text, "x")).Message;
        foreach (var part in parts) Assert.Contains(part, message, StringComparison.Ordinal);
    }

    static BomSubject Subject(DistributionFiles files) =>
        SmallService.Subject() with { Files = new Dictionary<string, DistributionFiles> { ["linux/amd64"] = files } };
}
