using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenStack.Signing;

namespace OpenStack.Tests.Signing;

/// <summary>Bundles come from registries: somebody else's bytes.</summary>
public sealed class SigstoreBundleTests
{
    static readonly string s_subject = $$$"""{"name":"x","digest":{"sha256":"{{{new string('a', 64)}}}"}}""";

    static JsonObject Bundle(string statement) => new()
    {
        ["mediaType"] = SigstoreBundle.Version3,
        ["verificationMaterial"] = new JsonObject { ["publicKey"] = new JsonObject { ["hint"] = "x" } },
        ["dsseEnvelope"] = new JsonObject
        {
            ["payload"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(statement)),
            ["payloadType"] = InTotoStatement.PayloadType,
            ["signatures"] = new JsonArray(new JsonObject { ["sig"] = "AAAA" }),
        },
    };

    static string Statement(string subject, string type = "https://in-toto.io/Statement/v1") =>
        $$$"""{"_type":"{{{type}}}","subject":[{{{subject}}}],"predicateType":"p","predicate":{"a":1}}""";

    static SigstoreBundle Read(JsonObject bundle) => SigstoreBundle.Read(Encoding.UTF8.GetBytes(bundle.ToJsonString()));

    static string Problem(Action<JsonObject> change)
    {
        var bundle = Bundle(Statement(s_subject));
        change(bundle);
        return Assert.ThrowsAny<JsonException>(() => Read(bundle)).Message;
    }

    [Fact]
    public void AStatementIsReadInBothVersions()
    {
        foreach (var type in (string[])["https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"])
        {
            var bundle = Read(Bundle(Statement(s_subject, type)));
            Assert.Equal(["sha256:" + new string('a', 64)], bundle.Statement.Subjects);
            Assert.Equal(1, bundle.Statement.Predicate.GetProperty("a").GetInt32());
        }
    }

    [Fact]
    public void WhatIsWrongIsNamed()
    {
        Assert.Equal("its type is 'application/x', and not application/vnd.dev.sigstore.bundle.v0.3+json",
            Problem(x => x["mediaType"] = "application/x"));
        Assert.Equal("dsseEnvelope is missing, or no object", Problem(x => x.Remove("dsseEnvelope")));
        Assert.Equal("payloadType is 'text/plain', and not application/vnd.in-toto+json",
            Problem(x => x["dsseEnvelope"]!["payloadType"] = "text/plain"));
        Assert.Equal("payload is not in base64", Problem(x => x["dsseEnvelope"]!["payload"] = "%"));
        Assert.Equal("signatures is empty", Problem(x => x["dsseEnvelope"]!["signatures"] = new JsonArray()));
        Assert.Equal("verificationMaterial is missing, or no object", Problem(x => x["verificationMaterial"] = 1));
        Assert.Contains("is no type of in-toto statement",
            Assert.ThrowsAny<JsonException>(() => Read(Bundle(Statement(s_subject, "https://example.org")))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void SubjectsWithoutAUsableDigestDoNotCount() =>
        Assert.Empty(Read(Bundle(Statement(
            """{"digest":{"sha256":"../../etc/passwd"}},{"digest":{"sha1":"aa"}},{},7,null,{"digest":[]}"""))).Statement.Subjects);

    /// <summary>5,000 bundles with a change at random: read, or refused, nothing else.</summary>
    [Fact]
    [Trait("Fuzz", "yes")]
    public void AnyBytesAreReadOrRefused()
    {
        var random = FuzzSeed.At(20250401);
        var good = Encoding.UTF8.GetBytes(Bundle(Statement(s_subject)).ToJsonString());
        for (var i = 0; i < 5000; i++)
        {
            var bytes = good.ToArray();
            for (var j = random.Next(1, 4); j > 0; j--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var length = random.Next(10) == 0 ? random.Next(bytes.Length) : bytes.Length;
            try
            {
                _ = SigstoreBundle.Read(bytes.AsMemory(0, length));
            }
            catch (JsonException)
            {
                // Refused.
            }
        }
    }
}
