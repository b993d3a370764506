using System.Text.RegularExpressions;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Images;

/// <summary>What an image has, as far as its tags tell.</summary>
/// <param name="Python">Version of the distribution's interpreter, <c>3.12</c>; null without one.</param>
/// <param name="Codename">Codename of the distribution (os-release, <c>VERSION_CODENAME</c>); null where it says none.</param>
/// <param name="Distributions">Python distributions of the virtual environment.</param>
public sealed partial record ImageContents(string? Python, string? Codename, IReadOnlySet<PythonName> Distributions)
{
    /// <summary>Reads an image's layers.</summary>
    /// <exception cref="ProblemException">A layer cannot be read.</exception>
    public static ImageContents Of(OciLayout layout)
    {
        string? python = null, codename = null;
        var distributions = new HashSet<PythonName>();
        foreach (var (path, entry) in LayerFiles.Of(layout))
        {
            if (Interpreter().Match(path) is { Success: true } interpreter) python = interpreter.Groups["version"].Value;
            else if (Metadata().Match(path) is { Success: true } metadata) distributions.Add(PythonName.Of(metadata.Groups["name"].Value));
            else if (path is "usr/lib/os-release" or "etc/os-release" && entry.DataStream is { } content) codename = CodenameIn(content) ?? codename;
        }

        return new ImageContents(python, codename, distributions);
    }

    static string? CodenameIn(Stream content)
    {
        const string Key = "VERSION_CODENAME=";
        using var reader = new StreamReader(content, leaveOpen: true);
        return reader.ReadToEnd().Split('\n').FirstOrDefault(x => x.StartsWith(Key, StringComparison.Ordinal))?[Key.Length..].Trim().Trim('"', '\'');
    }

    [GeneratedRegex(@"^usr/bin/python(?<version>3\.[0-9]+)\z")]
    private static partial Regex Interpreter();

    [GeneratedRegex(@"^var/lib/openstack/lib/python3\.[0-9]+/site-packages/(?<name>[^/-]+)-[^/]+\.dist-info/METADATA\z")]
    private static partial Regex Metadata();
}
