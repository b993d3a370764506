using System.Text.Json.Nodes;
using OpenStack.Images;

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
    public void ProxiesAreNamedAndTheirPasswordsAreNot()
    {
        var network = new StepNetwork("/trusted.pem", new Dictionary<string, string>
        {
            ["https_proxy"] = "HTTPS_PROXY",
            ["HTTPS_PROXY"] = "HTTPS_PROXY",
        });
        var file = Json(network);
        Assert.Equal("""{"HTTPS_PROXY":{"default":""}}""", file["variable"]!.ToJsonString());
        Assert.Equal("""{"A":"b","https_proxy":"${HTTPS_PROXY}","HTTPS_PROXY":"${HTTPS_PROXY}"}""",
            file["target"]!["x"]!["args"]!.ToJsonString());
        Assert.Equal("""["id=ca-bundle,src=/trusted.pem"]""", file["target"]!["x"]!["secret"]!.ToJsonString());
    }

    /// <summary>Bake refuses an empty block of variables.</summary>
    [Fact]
    public void WhereNothingIsInTheWayTheFileIsAsItWas()
    {
        var file = Json(new StepNetwork(null, new Dictionary<string, string>()));
        Assert.Null(file["variable"]);
        Assert.Null(file["target"]!["x"]!["secret"]);
        Assert.Equal("""{"A":"b"}""", file["target"]!["x"]!["args"]!.ToJsonString());
    }

    static JsonObject Json(StepNetwork network) => JsonNode.Parse(BakeFile.ToJson(
        new Dictionary<string, BakeTarget> { ["x"] = network.Equip(s_target) }, network.Variables))!.AsObject();
}
