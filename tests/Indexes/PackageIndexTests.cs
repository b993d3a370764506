using OpenStack.Diagnostics;
using OpenStack.Indexes;
using OpenStack.Network;
using OpenStack.Tests.Lab;

namespace OpenStack.Tests.Indexes;

public sealed class PackageIndexTests
{
    static readonly Dictionary<string, string> s_variables = new()
    {
        ["UV_INDEX_MY_OWN_USERNAME"] = "me",
        ["UV_INDEX_MY_OWN_PASSWORD"] = "p@ss",
        ["HOME"] = "/nonexistent",
    };

    [Theory]
    [InlineData("https://i.example/simple", "", "https://i.example/simple", null)]
    [InlineData("my-own=https://i.example/simple/", "my-own", "https://i.example/simple/", "me:p@ss")]
    [InlineData("other=https://i.example/simple?x=1", "other", "https://i.example/simple?x=1", null)]
    public void OneIsReadAsUvReadsIt(string text, string name, string url, string? account)
    {
        var index = Parse(text, mayHoldCredentials: false);
        Assert.Equal((name, url), (index.Name, index.Url.AbsoluteUri));
        Assert.Equal(account, index.Credential is { } known ? $"{known.UserName}:{known.Password}" : null);
    }

    [Fact]
    public void WhatTheEnvironmentHoldsMayHoldAPassword()
    {
        var index = Parse("https://me:p%40ss@i.example/simple", mayHoldCredentials: true);
        Assert.Equal(("https://i.example/simple", "p@ss"), (index.Url.AbsoluteUri, index.Credential!.Password));
        Assert.DoesNotContain("p@ss", $"{index}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://me:secret@i.example/simple")]
    [InlineData("a=https://secret@i.example/simple")]
    [InlineData("ftp://me:secret@i.example/")]
    [InlineData("pypi")]
    public void WhatEverybodySeesHoldsNone(string text)
    {
        var problem = Assert.Throws<ProblemException>(() => Parse(text, mayHoldCredentials: false)).Problems.Single();
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
        Assert.Contains("--index", problem.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("machine i.example login me password x", "me:x")]
    [InlineData("# machine i.example login no\nmachine other login o password p\nmachine i.example\n  login me\n"
        + "  password x\n", "me:x")]
    [InlineData("machine i.example.org login o password p default login d password e", "d:e")]
    [InlineData("machine i.example password x", null)]
    public void ANetrcHasWhoOneIs(string text, string? account)
    {
        var found = Netrc.Find("i.example", text);
        Assert.Equal(account, found is null ? null : $"{found.UserName}:{found.Password}");
    }

    [Theory]
    [InlineData("PIP_INDEX_URL=https://p/", "https://p/", "")]
    [InlineData("UV_INDEX_URL=https://u/|PIP_INDEX_URL=https://p/", "https://u/", "")]
    [InlineData("UV_INDEX=a=https://a/ https://b/|PIP_EXTRA_INDEX_URL=https://c/", null, "a=https://a/ https://b/")]
    public void VariablesOfUvComeBeforeThoseOfPip(string environment, string? last, string further)
    {
        var values = environment.Split('|').Select(x => x.Split('=', 2)).ToDictionary(x => x[0], x => x[1]);
        var found = HostIndexes.Read(values.GetValueOrDefault, "/nonexistent");
        Assert.Equal((last, further), (found.Default?.Text, string.Join(' ', found.Further.Select(x => x.Text))));
    }

    /// <summary>Files of the user before those of the machine, uv's before pip's, and variables before files.</summary>
    [Theory]
    [InlineData("etc/pip.conf|[global]\nindex-url = https://p/\nextra-index-url = https://a/\n  https://b/\n",
        "https://p/", "https://a/ https://b/")]
    [InlineData("etc/pip.conf|[global]\nindex-url = https://no/\n#.config/pip/pip.conf|[install]\n"
        + "index-url=https://i/\n[global]\nindex-url=https://no/\n", "https://i/", "")]
    [InlineData(".config/uv/uv.toml|[[index]]\nname = \"own\"\nurl = \"https://o/\"\n[[index]]\nurl = \"https://d/\"\n"
        + "default = true\n#etc/pip.conf|[global]\nindex-url = https://no/\n", "https://d/", "own=https://o/")]
    [InlineData("etc/uv/uv.toml|[pip]\nindex-url = \"https://u/\"\nextra-index-url = [\"https://e/\"]\n", "https://u/",
        "https://e/")]
    public void FilesOfUvAndPipNameIndexesToo(string files, string? last, string further)
    {
        using var home = new TemporaryDirectory();
        foreach (var file in files.Split('#').Select(x => x.Split('|'))) home.Write(file[0], file[1]);

        var found = HostIndexes.Read(x => x == "HOME" ? home.Path : null, home.Path / "etc");
        Assert.Equal((last, further), (found.Default?.Text, string.Join(' ', found.Further.Select(x => x.Text))));
    }

    static PackageIndex Parse(string text, bool mayHoldCredentials) =>
        PackageIndex.Parse(text, s_variables.GetValueOrDefault, mayHoldCredentials, "--index");
}
