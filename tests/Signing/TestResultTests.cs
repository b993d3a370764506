using System.Text.Json;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Signing;
using OpenStack.Storage;
using OpenStack.Tests.Lab;

namespace OpenStack.Tests.Signing;

/// <summary>What TestImage says of an image, for Sign and for anybody.</summary>
public sealed class TestResultTests : IDisposable
{
    static readonly string s_digest = Digest.OfText("image");

    static readonly ContractCheck[] s_checks = [new("it starts", true, "yes"), new("it answers", true, "200")];

    readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void WhatWasCheckedIsAStatementOfThisVeryImage()
    {
        var file = _temporary.Path / "test-result.json";
        AtomicFile.WriteText(file, Of(s_checks));
        var statement = InTotoStatement.Read(File.ReadAllBytes(file));
        Assert.Equal((s_digest, "https://in-toto.io/attestation/test-result/v0.1"),
            (Assert.Single(statement.Subjects), statement.PredicateType));
        using var predicate = JsonDocument.Parse(TestResult.Read(file, s_digest, out var doubt)!);
        Assert.Null(doubt);
        Assert.Equal("PASSED", predicate.RootElement.GetProperty("result").GetString());
        Assert.Equal(["it answers", "it starts"], predicate.RootElement.GetProperty("passedTests").EnumerateArray()
            .Select(x => x.GetString()));
        Assert.Equal(0, predicate.RootElement.GetProperty("failedTests").GetArrayLength());
        var configuration = predicate.RootElement.GetProperty("configuration")[0];
        Assert.Equal("images/keystone/contract.yaml", configuration.GetProperty("name").GetString());
        Assert.Equal(Digest.OfText("contract")[7..], configuration.GetProperty("digest").GetProperty("sha256")
            .GetString());
        Assert.Equal("https://ci/1", predicate.RootElement.GetProperty("url").GetString());
        Assert.Equal(("PASSED", "PASSED, 2 passed"), TestResult.Summarize(predicate.RootElement));
    }

    [Fact]
    public void OneFailureIsAFailureAndWhatIsLeftToDoAWarning()
    {
        string Told(string statement)
        {
            using var json = JsonDocument.Parse(statement);
            return TestResult.Summarize(json.RootElement.GetProperty("predicate")).Summary;
        }

        var task = new Problem("write a request", "images/keystone/contract.yaml", 3);
        Assert.Equal("WARNED, 2 passed, 1 warned", Told(Of(s_checks, task)));
        Assert.Equal("FAILED, 2 passed, 1 warned, 1 failed", Told(Of([.. s_checks, new("it stops", false, "")], task)));
    }

    /// <summary>An image that was built anew was not tested, and half of a file is none.</summary>
    [Fact]
    public void OfAnotherImageItIsNone()
    {
        var file = _temporary.Path / "test-result.json";
        Assert.Null(TestResult.Read(file, s_digest, out var doubt));
        Assert.Null(doubt);
        AtomicFile.WriteText(file, Of(s_checks));
        Assert.Null(TestResult.Read(file, Digest.OfText("other"), out doubt));
        Assert.Contains($"is of {s_digest}, and not of", doubt, StringComparison.Ordinal);
        File.WriteAllText(file, Of(s_checks)[..40]);
        Assert.Null(TestResult.Read(file, s_digest, out doubt));
        Assert.Contains("cannot be read", doubt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"result": "passed"}""")]
    public void WhatIsNoneIsToldToBeNone(string predicate)
    {
        using var json = JsonDocument.Parse(predicate);
        Assert.Throws<JsonException>(() => TestResult.Summarize(json.RootElement));
    }

    /// <summary>What two kinds of tests have shown of one image is one statement, and as good as the worse of
    /// them.</summary>
    [Theory]
    [InlineData(0, 0, "PASSED, 2 passed")]
    [InlineData(1, 0, "WARNED, 2 passed, 1 warned")]
    [InlineData(1, 1, "FAILED, 2 passed, 1 warned, 1 failed")]
    public void SeveralRunsAreOneResult(int warned, int failed, string expected)
    {
        string PredicateOf(string passed, int warned, int failed) => JsonDocument.Parse(TestResult.Of(
            ("ghcr.io/c5c3/keystone", s_digest), [ResourceDescriptor.OfFile(passed, Digest.OfText(passed))], [passed],
            [.. Enumerable.Repeat("w", warned)], [.. Enumerable.Repeat("f", failed)], null)).RootElement
            .GetProperty("predicate").GetRawText();
        using var joined = JsonDocument.Parse(
            TestResult.Joined([PredicateOf("contract", warned, 0), PredicateOf("source", 0, failed)]));
        Assert.Equal(expected, TestResult.Summarize(joined.RootElement).Summary);
        Assert.Equal(["contract", "source"], joined.RootElement.GetProperty("configuration").EnumerateArray()
            .Select(x => x.GetProperty("name").GetString()));
        Assert.Equal(["contract", "source"], joined.RootElement.GetProperty("passedTests").EnumerateArray()
            .Select(x => x.GetString()));
    }

    static string Of(IReadOnlyList<ContractCheck> checks, params IReadOnlyList<Problem> tasks) => TestResult.Of(
        ("ghcr.io/c5c3/keystone", s_digest),
        [ResourceDescriptor.OfFile("images/keystone/contract.yaml", Digest.OfText("contract"))], checks, tasks,
        "https://ci/1");
}
