using OpenStack.Constraints;

namespace OpenStack.Sbom;

/// <summary>
/// The extras that the build of an image asks for by itself, beside those that distributions ask of each other.
/// </summary>
static class RequestedExtras
{
    /// <param name="service">The service's distribution.</param>
    /// <param name="extras">Its extras (<c>pip-extras</c>).</param>
    /// <param name="packages">
    /// Further distributions with their extras (<c>pip-packages</c>), as in <c>glance_store[s3]</c>.
    /// </param>
    /// <returns>By distribution; those without extras are not there.</returns>
    public static IReadOnlyDictionary<PythonName, IReadOnlyList<string>> Of(
        string service, IEnumerable<string> extras, IEnumerable<string> packages) =>
        packages.Select(x => Requirement.TryParse(x, out _)).OfType<Requirement>()
            .Select(x => (x.Key, x.Extras)).Prepend((Key: PythonName.Of(service), Extras: [.. extras]))
            .Where(x => x.Extras.Count > 0)
            .GroupBy(x => x.Key, x => x.Extras)
            .ToDictionary(x => x.Key, x => (IReadOnlyList<string>)[.. x.SelectMany(y => y).Distinct()]);
}
