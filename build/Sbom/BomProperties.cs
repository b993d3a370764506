using CycloneDX.Models;

namespace OpenStack.Sbom;

/// <summary>
/// Names of the properties that this project adds to CycloneDX, in a namespace of its own, and lists of them.
/// </summary>
static class BomProperties
{
    const string Prefix = "openstack-images:";

    /// <summary>What the component's hash is of.</summary>
    public const string HashOf = Prefix + "hash-of";

    /// <summary>Digest of the layer, as it is stored, that the component came with.</summary>
    public const string LayerDigest = Prefix + "layer:digest";

    /// <summary>Digest of the content of that layer.</summary>
    public const string LayerDiffId = Prefix + "layer:diff-id";

    /// <summary><c>base</c> where the layer is one of the image that this one is built on, else <c>image</c>.</summary>
    public const string LayerOf = Prefix + "layer:of";

    /// <summary>Source package and its version, of a system package.</summary>
    public const string Source = Prefix + "deb:source";

    /// <summary>A dependency of a system package that nothing in the image meets.</summary>
    public const string UnmetDependency = Prefix + "deb:unmet-dependency";

    /// <summary>A package of the distribution that a native package depends on.</summary>
    public const string SystemDependency = Prefix + "deb:depends";

    /// <summary>A Python distribution that a system package brings, <c>name==version</c>.</summary>
    public const string PackagedDistribution = Prefix + "deb:python-distribution";

    /// <summary>Where the metadata of a Python distribution is.</summary>
    public const string MetadataPath = Prefix + "python:metadata";

    /// <summary>What installed a Python distribution.</summary>
    public const string Installer = Prefix + "python:installer";

    /// <summary>The distribution that has a copy of this one for itself.</summary>
    public const string VendoredBy = Prefix + "python:vendored-by";

    /// <summary>Why the metadata of a Python distribution is not read.</summary>
    public const string UnreadMetadata = Prefix + "python:unread-metadata";

    /// <summary>A requirement of a Python distribution that cannot be read, as it stands there.</summary>
    public const string UnreadableRequirement = Prefix + "python:unreadable-requirement";

    /// <summary>One that can be read, and of which the image does not say whether it holds.</summary>
    public const string UndecidedRequirement = Prefix + "python:undecided-requirement";

    /// <summary>Says of a Python distribution that nobody recorded the file that it was installed from.</summary>
    public const string UnknownFile = Prefix + "python:unknown-file";

    /// <summary>An SBOM that a Python distribution brings, which says what the component says.</summary>
    public const string EmbeddedSbom = Prefix + "embedded-sbom";

    /// <summary>One that is not read, or not as a whole, and why.</summary>
    public const string UnreadSbom = Prefix + "embedded-sbom:not-read";

    /// <summary>What the version of a native library is known from.</summary>
    public const string VersionFrom = Prefix + "native:version-from";

    /// <summary>The component whose programs have this one in them.</summary>
    public const string LinkedInto = Prefix + "native:linked-into";

    /// <summary>The sum of a Go module, as <c>go.sum</c> has it.</summary>
    public const string GoSum = Prefix + "go:sum";

    /// <summary>The Go module that this one is instead of.</summary>
    public const string GoReplaces = Prefix + "go:replaces";

    /// <summary>How Go has built a program, by the name of the setting.</summary>
    public const string GoBuild = Prefix + "go:build:";

    /// <summary>A native library beside Python distributions that belongs to none of them.</summary>
    public const string UnownedLibrary = Prefix + "native:unowned";

    /// <summary>What is to be known of how the licences were found out.</summary>
    public const string LicenseNote = Prefix + "license:note";

    /// <summary>Digest of a patch that is applied, by its file name.</summary>
    public const string Patch = Prefix + "patch:";

    /// <summary>What an override did to the constraint on the component.</summary>
    public const string Override = Prefix + "constraint-override";

    /// <summary>File and line that the override is in.</summary>
    public const string OverrideFile = Prefix + "constraint-override:file";

    /// <summary>Why, as the override says.</summary>
    public const string OverrideReason = Prefix + "constraint-override:reason";

    /// <summary>Something that the image is built from and that has no digest, with the reason.</summary>
    public const string Unlocked = Prefix + "unlocked";

    /// <summary>A label of the image, by its name.</summary>
    public const string Label = Prefix + "label:";

    public static Property Of(string name, string? value) => new() { Name = name, Value = value };

    /// <summary>Those that have a value, in the order of their names; null where none has.</summary>
    public static List<Property>? List(params IEnumerable<Property> properties) =>
        properties.Where(x => !string.IsNullOrEmpty(x.Value))
            .OrderBy(x => x.Name, StringComparer.Ordinal)
            .ToList() is { Count: > 0 } list ? list : null;
}
