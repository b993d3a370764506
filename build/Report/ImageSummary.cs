using static OpenStack.Report.Markup;
using static OpenStack.Report.PageParts;

namespace OpenStack.Report;

/// <summary>What there is to know of an image at a glance.</summary>
sealed class ImageSummary(Overview overview, ReportedImage image)
{
    public Markup Write() => Html($"{Facts(Rows())}<h3>Why it is another image than before</h3>\n{Rebuilt()}");

    IEnumerable<(string, Markup)> Rows()
    {
        var place = image.Place;
        if (place.Ref is not null) yield return ("source ref", From(place.RefFile, place.Ref));
        if (overview.Releases.FirstOrDefault(x => x.Name == place.Release) is { } release)
            yield return ("series", Html($"{release.Series ?? "no name"}: {From(release.File, release.Status)}"));
        if (image.Build.Value is not { } build) yield return ("image", NotKnown(image.Build));
        else
        {
            yield return ("digest", From(image.Build.From, build.Digest));
            yield return ("platforms", string.Join(", ", build.Platforms.Select(x => x.Platform)));
            var alone = Size(overview.SizeOf(image, LayerUse.Own));
            yield return ("size", Html($"{From(image.Build.From, Size(build.Size))}, {alone} of it in no other image"));
            if (build.Source.Length > 0)
                yield return ("made from", Html($"{Address(build.Source)} <code>{build.Revision}</code>"));
            yield return ("dated", $"{build.Created}, as it says of itself");
        }

        yield return ("packages", Packages());
        yield return ("patches", image.Patches.Count == 0 ? "none" : $"{image.Patches.Count}");
        yield return ("vulnerabilities", image.Findings.IsKnown ? From(image.Findings.From, Severities())
            : NotKnown(image.Findings));
        yield return ("published", Published());
        yield return ("brings", Brings(image.Notes));
        yield return ("verified", Verified());
    }

    Markup Packages()
    {
        if (image.Packages.Value is not { } list) return NotKnown(image.Packages);
        var kinds = string.Join(", ", list.Kinds.Select(x => $"{x.Count} {KindOfPackage(x.Kind)}"));
        return Html($"{From(image.Packages.From, kinds)}, {list.WithoutLicense} without a licence");
    }

    string Severities() => image.Open.Any()
        ? string.Join(", ", image.Open.GroupBy(x => x.Severity).OrderByDescending(x => x.Key)
            .Select(x => $"{x.Count()} {x.First().Word}"))
        : "none that the scanner knows of";

    Markup Published()
    {
        if (image.Published.Value is not { } published) return NotKnown(image.Published);
        var which = Badge(published.IsThis ? "this very image" : "another image", published.IsThis ? "good" : "warn");
        var repository = From(image.Published.From, published.Repository);
        return Html($"{which} as {repository} {string.Join(' ', published.Tags)}");
    }

    Markup Verified()
    {
        if (image.Verified.Value is not { } verified) return NotKnown(image.Verified);
        var verdict = verified.Holds switch
        {
            true => Badge("yes", "good"),
            false => Badge("no", "bad"),
            null => Badge("nobody can tell", "warn"),
        };
        var checks = From(image.Verified.From, Count(verified.Checks, "check", "checks"));
        return Html($"{verdict}, {checks} {string.Join("; ", verified.Wrong)}");
    }

    Markup Rebuilt()
    {
        if (image.Rebuilt.Value is not { } reason) return Paragraph(NotKnown(image.Rebuilt));
        var before = Html($"On {Time(reason.Seen)} it was {Digest(reason.Before, image.Rebuilt.From)}.");
        if (reason.Changes.Count == 0) return Paragraph(Html($"{before} None of its recorded inputs is another one."));
        var rows = reason.Changes.Select(x => Row(Cell.Head(x.Name), Cell.Long(x.Before ?? "–"),
            Cell.Long(x.Now is null ? "–" : From(image.Inputs.From, x.Now))));
        return Html($"{Paragraph(before)}{Table("Inputs that have changed since", ["input", "before", "now"], rows)}");
    }
}
