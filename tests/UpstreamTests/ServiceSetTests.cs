using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.UpstreamTests;

namespace OpenStack.Tests.UpstreamTests;

/// <summary>What runs together, in which order, and what is said of what comes of it.</summary>
public sealed class ServiceSetTests
{
    static readonly DateOnly s_today = new(2026, 11, 30);

    readonly Dictionary<string, SetData> _images = new()
    {
        [ServiceSet.BackendImage] = new([
            Member(ServiceSet.BackendImage, "mariadb"), Member(ServiceSet.BackendImage, "rabbitmq")], null),
        ["identity"] = new([
            Member("identity", "identity", "mariadb") with
            {
                Databases = ["identity"], Tests = [@"^api\.identity\."], Tempest = "[identity]\n",
            },
            Member("identity", "catalog", "identity")], null),
        ["image"] = new([
            Member("image", "image", "catalog", "mariadb") with
            {
                Databases = ["image"], Tempest = "[image]\n",
                Endpoint = new SetEndpoint("image", "image", "http://127.0.0.1:9292"),
            }], null),
        ["alone"] = new([], null),
        [ServiceSet.Tempest] = new([], new SetTests
        {
            Skips = ["no compute"],
            Excluded =
            [
                new ExcludedTests("test_late", "It is late", new DateOnly(2026, 1, 1),
                    new Problem("", "images/tempest/set.yaml", 7)),
            ],
        }),
    };

    [Fact]
    public void EachComesAfterWhatItNeedsAndNothingIsStartedThatNobodyNeeds()
    {
        var set = ServiceSet.Of("2025.1", ["image", "identity"], _images);
        Assert.Equal(["mariadb", "identity", "catalog", "image"], set.Members.Select(x => x.Name));
        Assert.Equal(["mariadb"], set.Backends.Select(x => x.Name));
        Assert.Equal(@"(?:^api\.identity\.)", set.TestsOfMembers);
    }

    [Fact]
    public void WhatIsKnownOfTheWholeSetIsFilledIn()
    {
        var set = ServiceSet.Of("2025.1", ["image", "identity"], _images);
        Assert.Equal("CREATE DATABASE identity;\nCREATE DATABASE image;", set.Fill("{databases}"));
        Assert.Equal("""[{"name":"image","type":"image","url":"http://127.0.0.1:9292"}]""", set.Fill("{catalog}"));
        Assert.Equal("[identity]\n\n[image]\n", set.Fill("{tempest}"));
        Assert.Equal("{other} {}", set.Fill("{other} {}"));
    }

    [Fact]
    public void WhatIsMissingIsNamed()
    {
        Assert.Equal(["image does not run without identity. Add identity to --service"], Wrong("image"));
        Assert.Equal(["images/alone/set.yaml: nothing says how alone runs in a set. Write it, or leave the service "
            + "out; there is one of identity, image"], Wrong("alone", "identity"));
        _images["image"] = new([Member("image", "image", "catalogue")], null);
        Assert.Contains("image needs 'catalogue', which nobody is. Did you mean 'catalog'?",
            Assert.Single(Wrong("identity", "image")), StringComparison.Ordinal);
        _images["image"] = new([Member("image", "identity")], null);
        Assert.Contains("there is another member 'identity', in images/identity/set.yaml",
            Assert.Single(Wrong("identity", "image")), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatAServiceDoesNotRunWithoutIsToldByItsName()
    {
        Assert.Equal(["identity", "image"], ServiceSet.Closed(["image"], _images));
        Assert.Equal(["identity"], ServiceSet.Closed(["identity", "alone", ServiceSet.Tempest, "unknown"], _images));
        Assert.Empty(ServiceSet.Closed(["alone"], _images));
    }

    /// <summary>Of this repository: Glance does not run without Keystone, OVN in no set; all want Tempest.</summary>
    [Fact]
    public void WhatIsBuiltIsTestedWithWhatItDoesNotRunWithout()
    {
        var catalog = CatalogLoader.Load(RepositoryRoot.Path);
        string Planned(params (string, string)[] built) => string.Join("; ", ServiceSet.Planned(catalog, built)
            .Select(x => $"{x.Release}: {string.Join(' ', x.Services)}, without {string.Join(' ', x.Missing)}"));
        Assert.Equal("2025.1: glance keystone, without keystone tempest; 2026.1: keystone, without tempest",
            Planned(("glance", "2025.1"), ("keystone", "2026.1"), ("ovn", "2025.1")));
        const string all = "barbican cinder glance keystone neutron nova placement";
        Assert.Equal($"2025.1: {all}, without {all}", Planned(("tempest", "2025.1")));
        Assert.Equal("", Planned(("ovn", "2025.1"), ("horizon", "2025.2")));
    }

    [Fact]
    public void WhatNeedsItselfIsTold()
    {
        _images["image"] = new([Member("image", "a", "b"), Member("image", "b", "a")], null);
        Assert.Contains("it needs itself: a → b → a", Assert.Single(Wrong("image")), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatNoReasonExplainsIsAProblem()
    {
        var result = ResultOf("""{"run": "all", "tests": 3, "excluded": [1]}""", Outcome("t.A.a", "success"),
            Outcome("t.A.b", "skip", "there is no compute here"), Outcome("t.A.c", "skip", "no image"));
        Assert.Equal(
        [
            "images/tempest/set.yaml:7: 'test_late' was to be left out until 2026-01-01. See whether the reason still "
                + "holds, and write another day or remove it",
            "Tempest 2025.1: 1 tests were skipped, such as t.A.c: no image. Let the set have what they want, or write "
                + "under 'skips' in images/tempest/set.yaml that it does not",
        ], result.Problems(s_today).Select(x => $"{x}"));
        Assert.Equal(["Tempest 2025.1: t.A (1)"], result.PassedOf("identity"));
        Assert.Equal(["Tempest 2025.1: t.A.c was skipped"], result.NotPassedOf("identity"));
    }

    [Fact]
    public void AWrongAnswerIsThatOfItsImage()
    {
        var result = ResultOf("""{"run": "all", "tests": 1, "excluded": [1]}""",
            Outcome("t.A.a", "fail", "it is wrong"),
            """{"run": "again", "test": "t.A.a", "status": "fail", "seconds": 1, "text": "it is wrong"}""");
        var image = result.Set.Members.Single(x => x.Name == "image");
        result.Start.Add(new SetAnswer(image, "GET /images gives 200", false, "503"));
        result.Start.Add(new SetAnswer(image, "GET /tasks gives 200", true, "200"));
        Assert.Equal(["image: GET /images gives 200", "Tempest 2025.1: t.A.a"], result.NotPassedOf("image"));
        Assert.Equal(["image: GET /tasks gives 200"], result.PassedOf("image"));
        // What does not work together is nobody's alone.
        Assert.Equal(["Tempest 2025.1: t.A.a"], result.NotPassedOf("identity"));
        Assert.Equal(["image: GET /images gives 200: found 503", "Tempest 2025.1: t.A.a failed: it is wrong"],
            result.Problems(s_today).Where(x => x.File is null).Select(x => $"{x}"));
        Assert.Equal("FAIL image", string.Join(' ', SetTable.OfMembers([result]).Rows[^1].Take(2)));
    }

    [Fact]
    public void WhatIsNotInTheSetExplainsASkip()
    {
        var tempest = _images[ServiceSet.Tempest];
        _images[ServiceSet.Tempest] = tempest with
        {
            Tests = tempest.Tests! with
            {
                SkipsWithout = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["image"] = ["no image"],
                    ["volume"] = ["no volume"],
                },
            },
        };
        var result = ResultOf("""{"run": "all", "tests": 2, "excluded": [1]}""",
            Outcome("t.A.a", "skip", "there is no image"), Outcome("t.A.b", "skip", "there is no volume"));
        Assert.Equal(["t.A.a"], result.Unexplained.Select(x => x.Test));
    }

    [Fact]
    public void ServersAreThoseOfTheDistributionAlone()
    {
        Assert.Equal(["mariadb"], ServiceSet.OfBackends("2025.1", ["mariadb"], "images/x/tests.yaml", _images).Members
            .Select(x => x.Name));
        Assert.Empty(ServiceSet.OfBackends("2025.1", [], "images/x/tests.yaml", _images).Members);
        var problems = Assert.Throws<ProblemException>(() => ServiceSet.OfBackends("2025.1",
            ["mariad", "identity", "rabbitmq"], "images/x/tests.yaml", _images)).Problems;
        Assert.Equal(
        [
            "images/x/tests.yaml: its tests need 'mariad', which is no server of images/set-backend/set.yaml. Did you "
                + "mean 'mariadb'?",
            "images/x/tests.yaml: its tests need 'identity', which is no server of images/set-backend/set.yaml. There "
                + "are mariadb, rabbitmq",
        ], problems.Select(x => $"{x}"));
    }

    [Fact]
    public void WhatIsWaitedForIsTold()
    {
        var start = new SetStart(ServiceSet.Of("2025.1", ["identity"], _images));
        Assert.Equal("waiting for mariadb, identity, catalog", start.Waiting);
        foreach (var member in start.Set.Members.Take(2)) start.AddTime(member, TimeSpan.FromSeconds(1));
        Assert.Equal("waiting for catalog", start.Waiting);
        start.AddTime(start.Set.Members[2], TimeSpan.FromSeconds(1));
        Assert.Null(start.Waiting);
    }

    [Fact]
    public void WhatFailsIsToldWhenItDoesAndOnce()
    {
        var result = new SetResult(ServiceSet.Of("2025.1", ["image", "identity"], _images));
        var told = new List<string>();
        using (result.Follow(new Watch(told.Add), () => "before"))
        {
            result.Take("""{"run": "all", "tests": 2, "excluded": [1]}""");
            result.Take(Outcome("t.A.a", "success"));
            result.Take(Outcome("t.A.b", "fail", @"Traceback\n  File\nValueError: it is wrong\n"));
            result.Take("""{"run": "again", "test": "t.A.b", "status": "fail", "seconds": 1, "text": "again"}""");
        }

        Assert.Equal(["t.A.b failed: ValueError: it is wrong"], told);
    }

    IReadOnlyList<string> Wrong(params IReadOnlyList<string> services) =>
        [.. Assert.Throws<ProblemException>(() => ServiceSet.Of("2025.1", services, _images)).Problems
            .Select(x => $"{x}")];

    SetResult ResultOf(params IReadOnlyList<string> answers)
    {
        var result = new SetResult(ServiceSet.Of("2025.1", ["image", "identity"], _images)) { IsWhole = true };
        foreach (var answer in answers) result.Take(answer);
        return result;
    }

    static string Outcome(string test, string status, string text = "") =>
        $$"""{"run": "all", "test": "{{test}}", "status": "{{status}}", "seconds": 1, "text": "{{text}}"}""";

    static SetMember Member(string image, string name, params IReadOnlyList<string> needs) =>
        new(name, image, new Problem("", $"images/{image}/set.yaml", 1)) { Needs = needs, Start = [name] };
}
