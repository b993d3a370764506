using System.Text.Json;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>Statements of known types in a line, whoever wrote them.</summary>
static class StatementSummary
{
    /// <summary><c>2 statements, fixed: CVE-2026-1 CVE-2026-2</c>.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static string OfOpenVex(JsonElement predicate)
    {
        var statements = OciJson.Require(predicate, "statements", JsonValueKind.Array).EnumerateArray()
            .Select(x => (Status: Text(x, "status"), Name: NameOf(x))).ToList();
        return Told(statements);
    }

    /// <exception cref="JsonException">It is none.</exception>
    public static string OfCycloneDxVex(JsonElement predicate)
    {
        if (OciJson.Text(predicate, "bomFormat") != "CycloneDX") throw new JsonException("it is no CycloneDX document");
        return Told([.. OciJson.Require(predicate, "vulnerabilities", JsonValueKind.Array).EnumerateArray()
            .Select(x => (x.TryGetProperty("analysis", out var analysis) ? OciJson.Text(analysis, "state") ?? "not said"
                : "not said", Text(x, "id")))]);
    }

    /// <exception cref="JsonException">It is none.</exception>
    public static string OfReleaseNotes(JsonElement predicate)
    {
        var fixes = OciJson.Require(predicate, "fixes", JsonValueKind.Array).EnumerateArray()
            .Select(x => x.ToString()).ToList();
        return $"what it brings that {Text(predicate, "from")} has not"
            + (fixes.Count == 0 ? "" : $", fixes: {string.Join(' ', fixes)}");
    }

    /// <exception cref="JsonException">It is none.</exception>
    public static string OfVerification(JsonElement predicate)
    {
        var levels = predicate.TryGetProperty("verifiedLevels", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(x => x.ToString()) : [];
        return $"{Text(predicate, "verificationResult")} at {Text(predicate, "timeVerified")} by "
            + $"{Text(OciJson.Require(predicate, "verifier", JsonValueKind.Object), "id")}"
            + string.Concat(levels.Select(x => $", {x}"));
    }

    static string Told(List<(string State, string Name)> statements) =>
        $"{statements.Count} {(statements.Count == 1 ? "statement" : "statements")}" + string.Concat(
            statements.GroupBy(x => x.State, x => x.Name)
                .Select(x => $", {x.Key}: {string.Join(' ', x.Distinct())}"));

    /// <summary>Its vulnerability is an object, and in versions before 0.2.0 was a text.</summary>
    static string NameOf(JsonElement statement) =>
        statement.ValueKind == JsonValueKind.Object && statement.TryGetProperty("vulnerability", out var vulnerability)
            && vulnerability.ValueKind == JsonValueKind.Object
            ? Text(vulnerability, "name") : Text(statement, "vulnerability");

    static string Text(JsonElement json, string name) =>
        OciJson.Require(json, name, JsonValueKind.String).GetString()!;
}
