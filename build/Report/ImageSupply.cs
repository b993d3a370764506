using static OpenStack.Report.Markup;
using static OpenStack.Report.PageParts;

namespace OpenStack.Report;

/// <summary>What an auditor asks of an image.</summary>
sealed class ImageSupply(ReportedImage image)
{
    public Markup Vulnerabilities() => Html($"{Findings()}{Vex()}");

    Markup Findings()
    {
        if (image.Findings.Value is not { } findings)
            return Paragraph(Html($"What a scanner finds: {NotKnown(image.Findings)}"));
        var count = From(image.Findings.From, Count(findings.Count, "finding", "findings"));
        if (findings.Count == 0) return Paragraph(Html($"{count}: the scanner knows of none."));
        var rows = findings.Select(x => Row(SeverityOf(x), string.Join(", ", x.Ids), x.Component, x.Version,
            string.Join(", ", x.FixedIn), x.IsMended ? Badge("mended by a patch", "good") : ""));
        return Html($"{Paragraph(count)}{Table("Vulnerabilities",
            [" severity", "vulnerability", "component", "version", "fixed in", "VEX"], rows)}");
    }

    Markup Vex()
    {
        if (image.Vex.Value is not { } mended) return Paragraph(Html($"What patches mend: {NotKnown(image.Vex)}"));
        var file = From(image.Vex.From, "VEX");
        if (mended.Count == 0) return Paragraph(Html($"{file}: no patch of this image names a vulnerability."));
        var rows = mended.Select(x => Row(Cell.Head(x.Id), x.Component, Badge(x.State, "good"), Cell.Long(x.Detail)));
        return Html($"<h3>Mended by patches {Small(file)}</h3>\n{Table("Vulnerabilities that patches mend",
            ["vulnerability", "component", "state", "why"], rows)}");
    }

    public Markup Provenance() => Html(
        $"""
        {Made()}<h3>Signed statements</h3>
        {Statements()}<h3>How to verify it</h3>
        {HowToVerify()}<h3>Everything that its digest depends on</h3>
        {Inputs()}
        """);

    Markup Made() => image.Provenance.Value is not { } made ? Paragraph(NotKnown(image.Provenance)) : Facts(
    [
        ("provenance", From(image.Provenance.From, "SLSA v1")),
        ("builder", Address(made.Builder)),
        ("this repository", Html($"<code>{made.BuilderVersion}</code>")),
        ("source ref", made.Ref),
        ("hermetic", made.IsHermetic ? "yes" : "no"),
        ("reproducible", made.IsReproducible ? "yes" : "no"),
        ("made of", $"{Count(made.Dependencies, "thing", "things")}, {made.WithDigest} with a digest"),
    ]);

    Markup Statements() => image.Statements.Value is not { } signed ? Paragraph(NotKnown(image.Statements))
        : Table("Signed statements", ["statement", "about", "file"], signed.Select(x =>
            Row(x.Kind, Digest(x.Subject), From(x.File, x.File.Split('/')[^1]))));

    /// <summary>The commands, for the place where it is published; before that, where it would be.</summary>
    Markup HowToVerify()
    {
        if (image.Build.Value is not { } build) return Paragraph(NotKnown(image.Build));
        var reference = $"{image.Published.Value?.Repository ?? image.Place.Repository}@{build.Digest}";
        var until = image.Published.Value is { IsThis: true } ? Empty : Paragraph("Once it is published:");
        return Html(
            $"""
            {until}<pre tabindex=0>./build.sh Verify --image {reference} --verification-key cosign.pub
            cosign verify --key cosign.pub --insecure-ignore-tlog=true {reference}
            cosign verify-attestation --key cosign.pub --insecure-ignore-tlog=true --type cyclonedx {reference}</pre>
            <p>What a job has signed has an identity in place of a key: <code>--certificate-identity</code> and
            <code>--certificate-oidc-issuer</code>.</p>

            """);
    }

    /// <summary>How many there are: pages would be a tenth larger with all of them.</summary>
    Markup Inputs() => Paragraph(image.Inputs.Value is { } inputs
        ? From(image.Inputs.From, Count(inputs.Count, "input", "inputs")) : NotKnown(image.Inputs));
}
