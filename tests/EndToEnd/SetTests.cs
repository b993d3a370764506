using System.Text.Json;
using System.Xml.Linq;
using Nuke.Common.IO;

namespace OpenStack.Tests.EndToEnd;

/// <summary>Images that were built together run together, and what does not work together is caught.</summary>
[Trait("Group", "Lab")]
public sealed class SetTests : IDisposable
{
    const string Selection = "--service keystone placement --release 2025.1 --profile lab --no-logo";

    readonly RepositoryCopy _repository = new RepositoryCopy().WithLab();

    AbsolutePath Set => _repository.Root / "artifacts" / "2025.1" / "set";

    public void Dispose() => _repository.Dispose();

    /// <summary>
    /// Tempest and the members' own requests pass; and then Placement gets a patch with which it starts and answers,
    /// but not what it is asked for.
    /// </summary>
    [Fact]
    public async Task WhatRunsTogetherPassesAndAWrongPatchIsCaught()
    {
        (await _repository.RunAsync($"TestSet {Selection}")).ShouldSucceed();
        var junit = XDocument.Load(Set / "junit.xml");
        Assert.True(junit.Descendants("testcase").Count() > 5);
        Assert.Empty(junit.Descendants("failure"));
        using var statement = JsonDocument.Parse(File.ReadAllText(
            $"{_repository.Root}/artifacts/2025.1/placement/platforms/linux-amd64/set-test-result.json"));
        var predicate = statement.RootElement.GetProperty("predicate");
        Assert.Equal("PASSED", predicate.GetProperty("result").GetString());
        var passed = predicate.GetProperty("passedTests").EnumerateArray().Select(x => x.GetString()).ToList();
        Assert.Contains("placement: GET http://127.0.0.1:8778/resource_providers gives 200 with \"name\": \"set\"",
            passed);
        Assert.Contains(passed, x => x!.StartsWith("Tempest 2025.1: tempest.api.identity.", StringComparison.Ordinal));

        _repository.Write("patches/placement/2025.1/0001-wrong.patch", """
            From: A <a@example.org>
            Date: Mon, 2 Nov 2026 10:00:00 +0000
            Subject: [PATCH] Answer with another status

            ---
            diff --git a/placement/handlers/resource_provider.py b/placement/handlers/resource_provider.py
            --- a/placement/handlers/resource_provider.py
            +++ b/placement/handlers/resource_provider.py
            @@ -174,6 +174,6 @@ def delete_resource_provider(req):
                         "Unable to delete parent resource provider %(rp_uuid)s: "
                         "It has child resource providers." % {'rp_uuid': uuid},
                         comment=errors.PROVIDER_CANNOT_DELETE_PARENT)
            -    req.response.status = 204
            +    req.response.status = 202
                 req.response.content_type = None
                 return req.response

            """);
        (await _repository.RunAsync($"TestSet --filter test_default_domain_exists {Selection}")).ShouldFail(
            "placement: DELETE http://127.0.0.1:8778/resource_providers/", "gives 204: found 202");
    }
}
