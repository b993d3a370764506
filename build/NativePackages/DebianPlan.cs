using System.Text.Json;
using System.Text.Json.Nodes;
using Nuke.Common.IO;

namespace OpenStack.NativePackages;

/// <summary>
/// Everything of a service's Debian packages that is known before its virtual environment is there, as a directory that
/// <c>images/native-package/make-deb</c> reads.
/// </summary>
/// <param name="package">The packages.</param>
public sealed class DebianPlan(ServicePackage package)
{
    static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>The directory of what only one version has.</summary>
    const string OfVersion = "version";

    const string OfService = "service";

    /// <param name="directory">Does not exist yet.</param>
    public void Write(AbsolutePath directory)
    {
        PackageFiles.Write(directory / "plan.json", ToJson().ToJsonString(s_json) + "\n");
        foreach (var (part, texts) in Parts)
        {
            foreach (var (name, text) in texts.Scripts) PackageFiles.Write(directory / part / "scripts" / name, text);
            foreach (var (path, text) in texts.Root) PackageFiles.Write(directory / part / "root" / path, text);
        }
    }

    /// <summary>What is in each of the packages beside the service itself.</summary>
    IReadOnlyList<(string Part, PackageTexts Texts)> Parts =>
    [
        (OfVersion, With(Filled(package.Files.OfVersion), [CopyrightOf(package.VersionName)])),
        (OfService, With(Filled(package.Files.OfService), [CopyrightOf(package.Name), .. Units])),
    ];

    static PackageTexts With(PackageTexts texts, IEnumerable<PackageText> more) =>
        texts with { Root = [.. texts.Root, .. more] };

    /// <summary>As machines read it (DEP 5).</summary>
    PackageText CopyrightOf(string name) => new($"usr/share/doc/{name}/copyright", $"""
        Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
        Upstream-Name: {package.Image.Service}
        Source: {package.Image.Remote}

        Files: *
        Copyright: OpenStack contributors
        License: Apache-2.0
        Comment: Of commit {package.Image.Revision}. What is installed
         beside it, below {package.Prefix}/lib, has licences of its
         own, in the directories *.dist-info there.

        License: Apache-2.0
         On Debian systems, the text of the Apache License 2.0 is in
         /usr/share/common-licenses/Apache-2.0.

        """);

    PackageTexts Filled(PackageTexts texts) => new(Filled(texts.Scripts), Filled(texts.Root));

    PackageText[] Filled(IEnumerable<PackageText> texts) =>
        [.. texts.Select(x => new PackageText(package.Variables.Fill(x.Path), package.Variables.Fill(x.Text)))];

    IEnumerable<PackageText> Units =>
    [
        .. package.Data.Units.Select(x =>
            new PackageText($"{UnitFile.Directory}/{UnitFile.NameOf(x)}", UnitFile.Of(package, x))),
        new PackageText($"usr/lib/openstack-packages/{package.Image.Service}.units",
            string.Concat(package.Data.Units.Select(x => UnitFile.NameOf(x) + "\n"))),
    ];

    JsonObject ToJson() => new()
    {
        ["service"] = package.Image.Service,
        ["prefix"] = package.Prefix,
        ["home"] = package.Home,
        ["version"] = package.Version.Name,
        ["source"] = package.Image.Remote,
        ["revision"] = package.Image.Revision,
        ["links"] = Texts(package.Scripts),
        ["runtime"] = Texts(package.RuntimePackages),
        ["modes"] = new JsonObject(Parts.SelectMany(x => x.Texts.Root).Select(x =>
            KeyValuePair.Create<string, JsonNode?>(x.Path, PackageFiles.ModeOf(x.Path)))),
        ["packages"] = new JsonObject
        {
            [OfVersion] = Fields(package.VersionName, $"{package.Data.Summary} ({package.Version.Name})",
                $"The virtual environment of {package.Image.Service} {package.Version.Python.Normal}, OpenStack\n"
                + $"{package.Image.Release}, with {package.Version.Patches} patches, in {package.Prefix}.\n"
                + "Several versions can be installed beside each other."),
            [OfService] = Fields(package.Name, package.Data.Summary,
                $"Units, configuration and links of {package.Image.Service}, OpenStack {package.Image.Release}, for\n"
                + "the version that this package depends on."),
        },
    };

    /// <remarks>
    /// Each is its own source: apt upgrades what is installed of a source together
    /// (<c>APT::Get::Upgrade-By-Source-Package</c>), and another version that is installed beside would switch to it.
    /// </remarks>
    JsonObject Fields(string name, string summary, string description)
    {
        var fields = new JsonObject
        {
            ["Package"] = name,
            ["Version"] = package.Version.Debian,
            ["Section"] = "net",
            ["Priority"] = "optional",
            ["Maintainer"] = package.Maintainer,
        };
        if (name == package.Name)
        {
            fields["Depends"] = $"{package.VersionName} (= {package.Version.Debian}), passwd";
            if (package.Data.Conflicts.Count > 0) fields["Conflicts"] = string.Join(", ", package.Data.Conflicts);
            fields["Suggests"] = "logrotate";
        }

        fields["Homepage"] = package.Image.Remote;
        fields["Description"] = $"{summary}\n {description.Replace("\n", "\n ", StringComparison.Ordinal)}";
        return fields;
    }

    static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(x => JsonValue.Create(x))];
}
