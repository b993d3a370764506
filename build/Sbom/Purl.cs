using System.Text;
using OpenStack.Constraints;
using OpenStack.Sources;

namespace OpenStack.Sbom;

/// <summary>
/// Package URLs in their canonical form (ECMA-427): <c>pkg:type/namespace/name@version?qualifiers</c>.
/// </summary>
static class Purl
{
    /// <param name="type">Of packages: <c>deb</c>, <c>rpm</c>, <c>apk</c>.</param>
    /// <param name="vendor">Who makes them.</param>
    public static string OfPackage(string type, string vendor, string name, string version, string architecture,
        string release) =>
        $"pkg:{type}/{Escape(vendor)}/{Escape(name)}@{Escape(version)}"
        + Qualifiers(("arch", architecture), ("distro", release));

    /// <param name="distribution">ID of os-release, which is the vendor: <c>debian</c>, <c>ubuntu</c>.</param>
    /// <param name="release">ID and VERSION_ID of os-release: <c>debian-13</c>.</param>
    /// <param name="upstream">Name, and version where it differs, of the source package where that is another.</param>
    public static string OfDeb(string distribution, string name, string version, string architecture, string release,
        string? upstream) =>
        $"pkg:deb/{Escape(distribution)}/{Escape(name)}@{Escape(version)}"
        + $"{Qualifiers(("arch", architecture), ("distro", release), ("upstream", upstream))}";

    /// <param name="vcs">
    /// Where it was built from, <c>git+https://host/repository@commit</c>; null where it was not built here, or not as
    /// it is there.
    /// </param>
    public static string OfPython(string name, string version, string? vcs = null) =>
        $"pkg:pypi/{Escape(PythonName.Of(name).Value)}{Versioned(version)}{Qualifiers(("vcs_url", vcs))}";

    /// <summary>Of what is in no index: where it is a repository of GitHub's, that, else its name alone.</summary>
    /// <param name="remote">The repository.</param>
    /// <inheritdoc cref="OfPython"/>
    public static string OfRepository(string name, string version, string remote, string? vcs = null)
    {
        var path = new Uri(remote, UriKind.RelativeOrAbsolute) is { IsAbsoluteUri: true, Host: "github.com" } url
            ? RemoteUrl.WithoutSuffix(url.AbsolutePath.Trim('/').ToLowerInvariant()) : "";
        return (path.Split('/') is [var owner, var repository] ? $"pkg:github/{Escape(owner)}/{Escape(repository)}"
            : $"pkg:generic/{Escape(name)}") + Versioned(version) + Qualifiers(("vcs_url", vcs));
    }

    /// <summary>No type of its own knows operating systems.</summary>
    public static string OfSystem(string id, string release) => $"pkg:generic/{Escape(id)}{Versioned(release)}";

    /// <param name="repository">Registry, namespace and image.</param>
    /// <param name="digest">Of the manifest.</param>
    public static string OfImage(string name, string digest, string architecture, string? repository) =>
        $"pkg:oci/{Escape(name)}@{Escape(digest)}{Qualifiers(("arch", architecture), ("repository_url", repository))}";

    /// <summary>Of a Go module, whose path has no capitals there (purl-spec, "golang").</summary>
    public static string OfGo(string path, string version) =>
        $"pkg:golang/{string.Join('/', path.ToLowerInvariant().Split('/').Select(Escape))}{Versioned(version)}";

    /// <summary>A library that is known by its name alone.</summary>
    public static string OfProduct(string name, string version) => $"pkg:generic/{Escape(name)}{Versioned(version)}";

    static string Versioned(string version) => version.Length == 0 ? "" : $"@{Escape(version)}";

    /// <summary>In the order of their names; without those that have no value.</summary>
    static string Qualifiers(params IReadOnlyList<(string Name, string? Value)> qualifiers)
    {
        var given = qualifiers.Where(x => !string.IsNullOrEmpty(x.Value)).OrderBy(x => x.Name, StringComparer.Ordinal)
            .Select(x => $"{x.Name}={Escape(x.Value!)}").ToList();
        return given.Count == 0 ? "" : $"?{string.Join('&', given)}";
    }

    /// <summary>
    /// Letters, digits and <c>. - _ ~ :</c> stay, in qualifiers too (ECMA-427, "Character encoding").
    /// </summary>
    static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var x in Encoding.UTF8.GetBytes(text))
        {
            if (x < 128 && (char.IsAsciiLetterOrDigit((char)x) || ".-_~:".Contains((char)x))) escaped.Append((char)x);
            else escaped.Append($"%{x:X2}");
        }

        return escaped.ToString();
    }
}
