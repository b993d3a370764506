using System.Text.Json;
using OpenStack.Constraints;
using OpenStack.Indexes;

namespace OpenStack.Updates;

/// <summary>A version of a distribution that a package index has.</summary>
/// <param name="Files">All of them, yanked ones too.</param>
public sealed record IndexedVersion(PythonVersion Version, IReadOnlyList<IndexedFile> Files)
{
    /// <summary>Whether nobody is to install it any more (PEP 592).</summary>
    public bool IsYanked => Files.Count > 0 && Files.All(x => x.IsYanked);

    /// <summary>Since when the index has it: the time of its first file. Null where the index does not say.</summary>
    public DateTimeOffset? Since => Files.Select(x => x.Uploaded).Where(x => x is not null).Min();

    /// <summary>Whether images can have it, and where not, why.</summary>
    internal (Answer Answer, string Why) FitFor(ImagePython python)
    {
        var fits = Files.Where(x => !x.IsYanked).Select(x => x.FitFor(python)).ToList();
        if (fits.Count == 0) return (Answer.No, Files.Count == 0 ? "it has no files" : "it is yanked");
        return fits.MaxBy(x => x.Answer);
    }
}

/// <summary>A file of a version.</summary>
/// <param name="Name">As in <c>pbr-7.0.3-py2.py3-none-any.whl</c>; empty where the index does not say.</param>
/// <param name="RequiresPython">Versions of Python that it is for (PEP 345, <c>Requires-Python</c>); null where it is
/// for any.</param>
/// <param name="Uploaded">When it came to the index; null where that does not say.</param>
public sealed record IndexedFile(string Name, string? RequiresPython, bool IsYanked, DateTimeOffset? Uploaded)
{
    /// <summary>An entry of <c>releases</c> in the answer of PyPI's JSON API.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    internal static IndexedFile Read(JsonElement file) => new(
        Text(file, "filename") ?? "",
        Text(file, "requires_python") is { Length: > 0 } requires ? requires : null,
        file.TryGetProperty("yanked", out var yanked) && (yanked.ValueKind == JsonValueKind.True
            // Some indexes say why in place of saying so (PEP 691).
            || (yanked.ValueKind == JsonValueKind.String && yanked.GetString()!.Length > 0)),
        DateTimeOffset.TryParse(Text(file, "upload_time_iso_8601"), System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal, out var time) ? time : null);

    /// <summary>Whether images can have it, and where not, why.</summary>
    internal (Answer Answer, string Why) FitFor(ImagePython python) =>
        python.Admits(RequiresPython) is { Answer: not Answer.Yes } refused ? refused : python.Installs(Name);

    static string? Text(JsonElement file, string name) => file.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
