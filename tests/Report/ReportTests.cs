using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using OpenStack.Diagnostics;
using OpenStack.Report;

namespace OpenStack.Tests.Report;

public sealed partial class ReportTests : IDisposable
{
    const string Grype = """
        {"matches": [
          {"vulnerability": {"id": "CVE-2026-1", "severity": "High", "fix": {"versions": ["3.5.5"]}},
           "artifact": {"name": "openssl", "version": "3.5.4"}},
          {"vulnerability": {"id": "CVE-2026-2", "severity": "Critical"},
           "artifact": {"name": "nova", "version": "31.0.0"}}]}
        """;

    readonly ReportTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task ASmallReportReadsAsItIs()
    {
        await SmallAsync();
        await Verify($"{Body("index.html")}\n{Body("2025.1-nova.html")}");
    }

    /// <summary>A base, a service with all that there is to know of it, one with nothing, one that is not
    /// built.</summary>
    async Task SmallAsync()
    {
        _tree.Write("patches/nova/2025.1/0001-mend.patch", "");
        _tree.Write("patches/nova/2025.1/0002-unjudged.patch", "");
        _tree.Write("artifacts/patches.json", """
            {"series": [{"component": "nova", "release": "2025.1",
              "source": {"component": "nova", "remote": "https://opendev.org/openstack/nova", "ref": "31.0.0",
                "kind": "tag", "commit": "f5f2c7357f85af63e912e826b635191abc9739d3"},
              "patches": [{"name": "0001-mend.patch", "digest": "sha256:00", "state": "offset",
                "header": {"subject": "Mend it", "body": "", "bugs": [{"relation": "closes", "number": 2141713}],
                  "dependsOn": [], "cherryPickedFrom": [], "vulnerabilities": ["CVE-2026-2"], "reviews": [],
                  "author": "A"},
                "offsets": [{"file": "a.py", "hunk": 1, "lines": 15}], "conflicts": [], "there": [],
                "afterFailed": [], "reasons": [], "line": 0}]}]}
            """);
        var (@base, nova) = (_tree.Place("python-base", null), _tree.Place("nova"));
        var keystone = _tree.Place("keystone");
        _tree.Place("glance");
        _tree.Build(@base, [(1, 3000), (9, 1)], "");
        _tree.Build(keystone, [(1, 3000), (2, 500), (3, 100)], "27.0.0");
        _tree.Build(nova, [(1, 3000), (5, 10)], inputs: Inputs("0ld"));
        await _tree.ReportAsync(ReportTree.Day.AddDays(-1));
        var digest = _tree.Build(nova, [(1, 3000), (2, 500), (4, 1500)], inputs: Inputs("f5f2c735"));
        ReportTree.List(nova, digest, ("deb", "openssl", "3.5.4"), ("pypi", "nova", "31.0.0"));
        ReportTree.Scan(nova, digest, Grype, "CVE-2026-2 nova");
        _tree.Write("artifacts/2025.1/nova/published.json", $$"""
            {"repository": "registry.example.org/nova", "manifests": ["{{digest}}"], "referrers": [],
             "referrersIndexes": {}, "tags": ["2025.1", "31.0.0"]}
            """);
        _tree.Write("artifacts/2025.1/nova/platforms/linux-amd64/test-result.json", $$$"""
            {"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "nova", "digest":
              {"sha256": "{{{digest["sha256:".Length..]}}}"}}],
             "predicateType": "https://in-toto.io/attestation/test-result/v0.1", "predicate":
              {"result": "FAILED", "configuration": [], "passedTests": ["a", "b"], "warnedTests": [],
               "failedTests": ["no build tools"]}}
            """);
        _tree.Write("artifacts/run.json",
            """{"components": [{"component": "nova", "release": "2025.1", "state": "failed", "target": "Sbom"}]}""");
        await _tree.ReportAsync();
    }

    static Dictionary<string, string> Inputs(string revision) =>
        new() { ["arg.SERVICE"] = "nova", ["source.revision"] = revision };

    [Fact]
    public async Task ANumberLeadsToItsFile()
    {
        await SmallAsync();
        var links = Directory.GetFiles(_tree.Pages, "*.html").SelectMany(x => Parse(File.ReadAllText(x)).Links)
            .Select(x => x.GetAttribute("href")!).Distinct().ToList();
        Assert.Contains("files/artifacts/2025.1/nova/scan/linux-amd64.grype.json", links);
        Assert.Contains(links, x => x.StartsWith("files/artifacts/history/", StringComparison.Ordinal));
        Assert.All(links.Where(x => x[0] != '#' && !x.StartsWith("https:", StringComparison.Ordinal)), x =>
            Assert.True(File.Exists(Path.GetFullPath(Uri.UnescapeDataString(x.Split('#')[0]), _tree.Pages)), x));
    }

    [Fact]
    public async Task WhatIsNotThereIsNotKnownAndNeverZero()
    {
        _tree.Build(_tree.Place("nova"), [(1, 100)]);
        await _tree.ReportAsync();
        var page = Parse(_tree.Page("2025.1-nova.html"));
        string TextOf(string id) => Spaces().Replace(page.GetElementById(id)!.TextContent, " ");
        foreach (var (id, target) in new[] { ("packages", "Sbom"), ("vulnerabilities", "Scan"),
            ("provenance", "Sign"), ("tests", "TestImage") })
        {
            Assert.Contains($"not known (run {target})", TextOf(id), StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\b0\b", page.GetElementById($"{id}-tab")!.TextContent);
        }

        Assert.Contains("published not known (run Push)", TextOf("overview").Replace("published", "published ")
            .Replace("  ", " "), StringComparison.Ordinal);
        Assert.Contains("no earlier report has found another image", TextOf("overview"), StringComparison.Ordinal);
        var index = Parse(_tree.Page("index.html"));
        var cells = index.QuerySelectorAll("#images tbody td.n").Select(x => x.TextContent).ToList();
        Assert.Equal((true, "0"), (cells[0].EndsWith(" B", StringComparison.Ordinal), cells[3]));
        Assert.Equal(["not known", "not known"], [cells[2], cells[4]]);
    }

    [Fact]
    public async Task WhatIsOfAnotherImageIsNotOfThisOne()
    {
        var nova = _tree.Place("nova");
        var before = _tree.Build(nova, [(1, 100)]);
        ReportTree.List(nova, before, ("deb", "openssl", "3.5.4"));
        ReportTree.Scan(nova, before, Grype);
        _tree.Build(nova, [(2, 100)]);
        await _tree.ReportAsync();
        var page = _tree.Page("2025.1-nova.html");
        Assert.DoesNotContain("openssl", page, StringComparison.Ordinal);
        Assert.Contains("there is an SBOM of another image", page, StringComparison.Ordinal);
        Assert.Contains("there is a scan of another image", page, StringComparison.Ordinal);
    }

    /// <summary>Names of packages, versions, subjects of patches, labels: whatever others wrote.</summary>
    [Theory]
    [InlineData("</script><script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("' onmouseover='alert(1)")]
    [InlineData("<!--<script>")]
    [InlineData("&lt;b&gt;")]
    [InlineData("javascript:alert(1)")]
    [InlineData("\u202Etxt.exe\u0000\u001B[31m")]
    [InlineData("\uD800")]
    public async Task WhatOthersWroteIsText(string hostile)
    {
        var nova = _tree.Place("nova");
        var digest = _tree.Build(nova, [(1, 100)], hostile, new Dictionary<string, string> { ["arg.X"] = "y" });
        ReportTree.List(nova, digest, ("deb", hostile, hostile), ("pypi", "b", "1"));
        ReportTree.Scan(nova, digest, Grype.Replace("openssl", System.Text.Json.JsonEncodedText.Encode(
            hostile.Replace("\uD800", "?")).ToString()), $"CVE-1 {hostile.Replace("\uD800", "?")}");
        await _tree.ReportAsync();
        foreach (var (name, scripts) in new[] { ("index.html", 2), ("2025.1-nova.html", 1) })
        {
            var page = Parse(_tree.Page(name));
            Assert.Equal(scripts, page.Scripts.Length);
            Assert.Empty(page.QuerySelectorAll("img, iframe, object, embed, link, base, form, b:not(a > b)"));
            Assert.DoesNotContain(page.All.SelectMany(x => x.Attributes), x =>
                x.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || x.Name == "style");
            Assert.DoesNotContain(page.Links, x =>
                x.GetAttribute("href")!.StartsWith("javascript", StringComparison.Ordinal));
            Assert.DoesNotMatch("[\u202A-\u202E\u0000\u001B]", _tree.Page(name));
        }

        var shown = hostile.Replace('\u202E', '\uFFFD').Replace('\0', '\uFFFD').Replace('\u001B', '\uFFFD')
            .Replace('\uD800', '\uFFFD');
        Assert.Contains(Parse(_tree.Page("2025.1-nova.html")).QuerySelectorAll("#packages td"),
            x => x.TextContent == shown);
    }

    /// <summary>The policy allows what the page brings, and nothing else.</summary>
    [Theory]
    [InlineData("index.html")]
    [InlineData("2025.1-nova.html")]
    public async Task APageRunsWhatItBringsAndLoadsNothing(string name)
    {
        await SmallAsync();
        var page = Parse(_tree.Page(name));
        var policy = page.QuerySelector("meta[http-equiv=Content-Security-Policy]")!.GetAttribute("content")!;
        string HashOf(string selector) => "'sha256-" + Convert.ToBase64String(
            SHA256.HashData(Encoding.UTF8.GetBytes(page.QuerySelector(selector)!.TextContent))) + "'";
        Assert.Equal($"default-src 'none'; style-src {HashOf("style")}; script-src {HashOf("script:not([type])")}; "
            + "base-uri 'none'; form-action 'none'", policy);
        Assert.Empty(page.QuerySelectorAll("[src], link, [style]"));
    }

    [Fact]
    public async Task WhatCannotBeReadIsAProblemThatSaysWhatToDo()
    {
        var (nova, keystone) = (_tree.Place("nova"), _tree.Place("keystone"));
        foreach (var place in new[] { nova, keystone })
        {
            var digest = _tree.Build(place, [(1, 100)]);
            ReportTree.List(place, digest, ("deb", "openssl", "3.5.4"));
        }

        _tree.Write("artifacts/2025.1/nova/published.json", "{");
        _tree.Write("artifacts/2025.1/keystone/published.json", "{\"repository\": \"x\"}");
        var e = await Assert.ThrowsAsync<ProblemException>(() => _tree.ReportAsync());
        Assert.Equal(2, e.Problems.Count);
        Assert.All(e.Problems, x =>
        {
            Assert.EndsWith("/published.json", x.File);
            Assert.Equal("what the target Push writes", x.Expected);
            Assert.Equal("Delete it, and run Push again", x.Remedy);
        });
    }

    /// <summary>A megabyte for 24 images with as many packages as those of eight services have, and have in
    /// common.</summary>
    [Fact]
    public async Task AReportOf24ImagesIsNoLargerThanAMegabyte()
    {
        string[] services = ["barbican", "cinder", "glance", "horizon", "keystone", "neutron", "nova", "placement"];
        foreach (var (release, minor) in new[] { ("2025.1", 1), ("2025.2", 2), ("2026.1", 3) })
        {
            foreach (var (name, i) in services.Select((x, i) => (x, i)))
            {
                var place = _tree.Place(name, release);
                var layers = Enumerable.Range(0, 12).Select(x => (x < 9 ? x : (i * 100) + x, 50)).ToList();
                var digest = _tree.Build(place, layers,
                    inputs: Enumerable.Range(0, 25).ToDictionary(x => $"input.{x}", x => new string('a', 71)));
                ReportTree.List(place, digest, Enumerable.Range(0, 370).Select(x => (x % 2 == 0 ? "deb" : "pypi",
                    $"a-library-{(x < 330 ? x : x + (i * 1000))}", $"1.{x}.{minor}-1+deb13u1")));
            }
        }

        await _tree.ReportAsync();
        Assert.Equal(25, Directory.GetFiles(_tree.Pages).Length);
        Assert.InRange(Directory.GetFiles(_tree.Pages).Sum(x => new FileInfo(x).Length), 100_000, 1_000_000);
    }

    [Fact]
    public async Task PagesOfImagesThatAreGoneGo()
    {
        var nova = _tree.Place("nova");
        _tree.Build(nova, [(1, 100)]);
        await _tree.ReportAsync();
        Directory.Delete(nova.Layout, recursive: true);
        await _tree.ReportAsync();
        Assert.Equal(["index.html"], Directory.GetFiles(_tree.Pages).Select(Path.GetFileName));
    }

    static IHtmlDocument Parse(string html) => new HtmlParser().ParseDocument(html);

    /// <summary>A page without its frame, which is the same on each.</summary>
    string Body(string page)
    {
        var html = Assets().Replace(_tree.Page(page), "<$1>…</$1>");
        return html[html.IndexOf("<header>", StringComparison.Ordinal)..];
    }

    [GeneratedRegex("<(style|script)>.*?</\\1>", RegexOptions.Singleline)]
    private static partial Regex Assets();

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();
}
