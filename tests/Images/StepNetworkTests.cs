using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Network;

namespace OpenStack.Tests.Images;

/// <summary>What steps get out by is in no file.</summary>
public sealed class StepNetworkTests
{
    static readonly BakeTarget s_target = new()
    {
        Context = ".",
        Contexts = new Dictionary<string, string>(),
        Args = new Dictionary<string, string> { ["A"] = "b" },
    };

    [Fact]
    public void ProxiesWithoutAPasswordAreArgumentsWhoseValuesBakeReads()
    {
        var network = NetworkOf(new() { ["HTTPS_PROXY"] = "http://proxy.example:3128" }, trusted: "/trusted.pem");
        var file = Json(network);
        Assert.Equal("""{"HTTPS_PROXY":{"default":""}}""", file["variable"]!.ToJsonString());
        Assert.Equal("""{"A":"b","https_proxy":"${HTTPS_PROXY}","HTTPS_PROXY":"${HTTPS_PROXY}"}""",
            file["target"]!["x"]!["args"]!.ToJsonString());
        Assert.Equal("""["id=ca-bundle,src=/trusted.pem"]""", file["target"]!["x"]!["secret"]!.ToJsonString());
        Assert.All(network.Environment.Values, Assert.Null);
    }

    /// <summary>Arguments are empty, so that none comes from the configuration of docker either.</summary>
    [Fact]
    public void ProxiesWithAPasswordAreASecretOfTheStepsThatDownload()
    {
        var network = NetworkOf(new()
        {
            ["https_proxy"] = "http://me:s3cr't@proxy.example:3128",
            ["NO_PROXY"] = "localhost",
        });
        var file = Json(network);
        Assert.Null(file["variable"]);
        Assert.Equal("""{"A":"b","https_proxy":"","HTTPS_PROXY":"","no_proxy":"","NO_PROXY":""}""",
            file["target"]!["x"]!["args"]!.ToJsonString());
        Assert.DoesNotContain("s3cr", file.ToJsonString(), StringComparison.Ordinal);
        var secret = Assert.Single(file["target"]!["x"]!["secret"]!.AsArray())!.ToString();
        Assert.StartsWith("id=proxies,env=", secret, StringComparison.Ordinal);
        Assert.Equal("""
            export https_proxy='http://me:s3cr'\''t@proxy.example:3128'
            export HTTPS_PROXY='http://me:s3cr'\''t@proxy.example:3128'
            export no_proxy='localhost'
            export NO_PROXY='localhost'

            """, network.Environment[secret["id=proxies,env=".Length..]]);
    }

    [Fact]
    public void WhereAptGoesIsASecretToo()
    {
        var network = NetworkOf([], apt: new AptAccess("/s.list", "/a,b/k.asc", "/auth.conf",
            [new InputMirror("http://deb.example/debian/", "https://mirror.example/deb/")]));
        Assert.Equal(["id=apt-sources,src=/s.list", "id=apt-keyring,\"src=/a,b/k.asc\"", "id=apt-auth,src=/auth.conf"],
            Json(network)["target"]!["x"]!["secret"]!.AsArray().Take(3).Select(x => $"{x}"));
        Assert.Equal("http://deb.example/debian https://mirror.example/deb\n",
            Assert.Single(network.Environment.Values, x => x is not null));
    }

    /// <summary>Bake refuses an empty block of variables.</summary>
    [Fact]
    public void WhereNothingIsInTheWayTheFileIsAsItWas()
    {
        var file = Json(NetworkOf([]));
        Assert.Null(file["variable"]);
        Assert.Null(file["target"]!["x"]!["secret"]);
        Assert.Equal("""{"A":"b"}""", file["target"]!["x"]!["args"]!.ToJsonString());
    }

    static StepNetwork NetworkOf(Dictionary<string, string> variables, AbsolutePath? trusted = null,
        AptAccess? apt = null) =>
        new(trusted, apt ?? new AptAccess(null, null, null, []), x => variables.GetValueOrDefault(x));

    static JsonObject Json(StepNetwork network) => JsonNode.Parse(BakeFile.ToJson(
        new Dictionary<string, BakeTarget> { ["x"] = network.Equip(s_target) }, network.Variables))!.AsObject();
}
