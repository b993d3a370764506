using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.Report;

/// <summary>Reads what is said of an image: provenance, signatures, tests, where it is published, what it
/// brings.</summary>
/// <param name="verifications">What Verify has found of images, by digest.</param>
sealed class StatementReader(ReportFiles files, Fact<IReadOnlyDictionary<string, ReportedVerification>> verifications)
{
    const string Sign = "Sign", Push = "Push", Verify = "Verify";

    /// <summary>What the last run of Verify has found.</summary>
    public static Fact<IReadOnlyDictionary<string, ReportedVerification>> Verifications(
        ReportFiles files, AbsolutePath file) => files.Read(file, Verify, x =>
            (IReadOnlyDictionary<string, ReportedVerification>)x.EnumerateArray()
                .Select(y => (Digest: OciJson.Text(y, "digest") ?? "", Found: VerificationIn(y)))
                .DistinctBy(y => y.Digest).ToDictionary(y => y.Digest, y => y.Found, StringComparer.Ordinal));

    static ReportedVerification VerificationIn(JsonElement json)
    {
        var checks = json.GetProperty("checks").EnumerateArray().ToList();
        return new ReportedVerification(OciJson.Text(json, "reference") ?? "", Verdict(json, "verified"), checks.Count,
            [.. checks.Where(x => Verdict(x, "holds") != true).Select(x => OciJson.Text(x, "check") ?? "")]);
    }

    static bool? Verdict(JsonElement json, string name) => json.GetProperty(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public Fact<ReportedVerification> Verified(ImageBuild? build)
    {
        if (verifications.Value is not { } all) return Fact.NotKnown<ReportedVerification>(Verify);
        return build is not null && all.GetValueOrDefault(build.Digest) is { } found
            ? Fact.Of(found, verifications.From)
            : Fact.NotKnown<ReportedVerification>(Verify, "its last run was about other images");
    }

    public Fact<IReadOnlyList<ReportedStatement>> Statements(ImagePlace place, ImageBuild? build)
    {
        var list = place.Signatures / "bundles.json";
        if (build is null || !File.Exists(list)) return Fact.NotKnown<IReadOnlyList<ReportedStatement>>(Sign);
        var bundles = AttachedBundle.ReadAll(list);
        return bundles.Any(x => x.Subject.Digest == build.Digest)
            ? Fact.Of<IReadOnlyList<ReportedStatement>>([.. bundles.Select(x => new ReportedStatement(
                PredicateTypes.NameOf(x.PredicateType), x.Subject.Digest, files.Shown(x.File)))], files.Shown(list))
            : Fact.NotKnown<IReadOnlyList<ReportedStatement>>(Sign, "there are signatures of another image");
    }

    /// <param name="statements">Provenance does not say which image it is of: the list of what is signed does.</param>
    public Fact<ReportedProvenance> ProvenanceOf(ImagePlace place, ImageBuild? build,
        Fact<IReadOnlyList<ReportedStatement>> statements)
    {
        if (!statements.IsKnown) return Fact.NotKnown<ReportedProvenance>(Sign, statements.Because);
        var name = $"provenance-{PlatformName.ForFiles(build!.Platforms[0].Platform)}.json";
        return files.Read(place.Signatures / name, Sign, x =>
        {
            var provenance = Provenance.Read(x);
            return new ReportedProvenance(provenance.Builder.Id, provenance.BuilderVersion, provenance.Ref ?? "",
                provenance.IsHermetic, provenance.IsReproducible, provenance.Dependencies.Count,
                provenance.Dependencies.Count(y => y.Digest.Length > 0));
        });
    }

    public Fact<ReportedPublication> Published(ImagePlace place, ImageBuild? build) =>
        files.Read(place.Published, Push, x =>
        {
            string[] Texts(string name) =>
                [.. x.GetProperty(name).EnumerateArray().Select(y => y.GetString() ?? "")];
            var manifests = Texts("manifests");
            return new ReportedPublication(OciJson.Text(x, "repository") ?? "", manifests.LastOrDefault() ?? "",
                Texts("tags"), build is not null && manifests.Contains(build.Digest));
        });

    public Fact<ReportedNotes> Notes(ImagePlace place, ImageBuild? build)
    {
        var notes = files.Read(place.Notes, Push, x => Tuple.Create(
            x.GetProperty("platforms").EnumerateArray().Select(y => OciJson.Text(y, "to")).ToList(),
            new ReportedNotes(OciJson.Text(x, "from") ?? "", Texts(x, "fixes"), Texts(x, "loses"),
                [.. x.GetProperty("packages").EnumerateArray()
                    .SelectMany(y => y.GetProperty("changes").EnumerateArray())
                    .GroupBy(y => OciJson.Text(y, "kind") ?? "").Select(y => (y.Key, y.Count()))])));
        if (notes.Value is not var (of, found)) return Fact.NotKnown<ReportedNotes>(Push, notes.Because);
        return build is not null && build.Platforms.Any(x => of.Contains(x.Digest)) ? Fact.Of(found, notes.From)
            : Fact.NotKnown<ReportedNotes>(Push, "there are release notes of another image");
    }

    static IReadOnlyList<string> Texts(JsonElement json, string name) =>
        [.. json.GetProperty(name).EnumerateArray().Select(x => x.GetString() ?? "")];

    /// <summary>Of each platform what each target has shown.</summary>
    public IReadOnlyList<Fact<ReportedTest>> Tests(ImagePlace place, ImageBuild? build) =>
        build is null ? [] : [.. from platform in build.Platforms
                                 from test in place.TestsOf(platform.Platform)
                                 select Test(test.Target, test.File, platform)];

    Fact<ReportedTest> Test(string target, AbsolutePath file, ReportedPlatform platform)
    {
        var predicate = TestResult.Read(file, platform.Digest, out var doubt);
        if (predicate is null)
            return Fact.NotKnown<ReportedTest>(target, doubt is null ? "" : "there is a result of another image");
        try
        {
            using var json = JsonDocument.Parse(predicate);
            return Fact.Of(new ReportedTest(target, platform.Platform, TestResult.Summarize(json.RootElement).Result,
                Texts(json.RootElement, "failedTests"), Texts(json.RootElement, "warnedTests"),
                Texts(json.RootElement, "passedTests")), files.Shown(file));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw files.Broken(file, target, e);
        }
    }

    /// <summary>Everything that the digest depends on.</summary>
    public Fact<IReadOnlyDictionary<string, string>> Inputs(ImagePlace place) => File.Exists(place.Inputs)
        ? Fact.Of(StageInputs.Read(place.Inputs).Values, files.Shown(place.Inputs))
        : Fact.NotKnown<IReadOnlyDictionary<string, string>>(place.BuiltBy);
}
