using Nuke.Common.IO;
using OpenStack.Packages;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>The parts of the laboratory, and what each is made of.</summary>
sealed class LabStages(LabLayout layout, AbsolutePath dataDirectory, LabData data, LabHost host,
    ArchitectureData native)
{
    /// <summary>One number per part, raised when the code that makes it changes what it makes.</summary>
    public const string Formats = "tools 2, cosign 1, base-image 1, git 5, wheelhouse 4, uv 1, signing 1, emulator 1, "
        + "package-signing 2";

    /// <summary>Where the packages come from.</summary>
    public IReadOnlyList<AptSource> Sources { get; } = AptSource.ForRelease(host.Sources, host.Codename, data.Suite);

    public Stage Tools => new(layout.Tools, Inputs("tools")
        .Add("packages", string.Join(' ', data.Tools.Packages))
        .Add("hostPackages", string.Join(' ', data.Tools.HostPackages))
        .Add("host", host.Codename));

    public Stage Cosign => new(layout.CosignTools, Inputs("cosign")
        .Add("packages", $"{string.Join(' ', data.Cosign.Packages)} of {data.Cosign.Suite}"));

    public Stage BaseImage(ArchitectureData architecture) =>
        new(layout.BaseImage(architecture.Platform), Inputs("base-image", architecture.Debian)
            .Add("packages", string.Join(' ', data.BaseImage.Packages))
            .Add("dpkgOptions", string.Join(' ', data.BaseImage.DpkgOptions))
            .Add("aptOptions", string.Join(' ', data.BaseImage.AptOptions)));

    /// <summary>The repository of one component.</summary>
    public Stage Repository(string component) => new(layout.Repository(component), Inputs("git")
        .Add("releases", string.Join(' ', data.Sources.Where(x => x.Component == component).Select(Describe))));

    string Describe(SourceData x) =>
        $"{x.Component}={x.Package}{string.Join('+', x.RebuiltFrom)}@{x.Branch}"
        + $"{(x.Tree is null ? "" : $" in {x.Tree}")}{x.TagPrefix}"
        + $"{string.Concat(x.Files.Select(y => $",{y.Key}={y.Value}"))}"
        + $"{string.Concat(x.Without.Select(y => $" without {y}"))}"
        + (x.Suite is null ? "" : $" of {x.Suite}")
        + (x.Patch is null ? "" : $" with {Digest.OfFile(dataDirectory / x.Patch)}");

    /// <summary>
    /// The wheels of a service, or what libraries are built with: a matter of that one alone, whatever else is here.
    /// </summary>
    public Stage Wheels(ArchitectureData architecture, string name) =>
        new(layout.Wheelhouse(architecture.Platform, name), Inputs("wheelhouse", architecture.Debian)
            .Add("packages", string.Join(' ', data.Wheelhouse.PackagesOf(name)))
            .Add("rules", Digest.OfText(string.Join('\n', data.Wheelhouse.Rules)))
            .Add("programs", Digest.OfText(string.Concat(data.Wheelhouse.Programs.Select(x =>
                File.ReadAllText(dataDirectory / x.Script))))));

    public Stage Uv => new(layout.Uv, Inputs("uv").Add("uv", Digest.OfFile(dataDirectory / "uv")));

    public Stage Emulator(ArchitectureData architecture) => new(layout.Emulator(architecture.Platform),
        Inputs("emulator").Add("package", data.Emulator).Add("machine", architecture.Machine));

    /// <summary>
    /// Of nothing else: whoever has signed with the key wants to verify with it, whatever becomes of the rest.
    /// </summary>
    public Stage Signing => new(layout.Signing, new StageInputs().Add("format", FormatOf("signing")));

    /// <inheritdoc cref="Signing"/>
    public Stage PackageSigning =>
        new(layout.PackageSigning, new StageInputs().Add("format", FormatOf("package-signing")));

    StageInputs Inputs(string part, string? architecture = null) => new StageInputs()
        .Add("format", FormatOf(part))
        .Add("suite", data.Suite)
        .Add("architecture", architecture ?? native.Debian)
        .Add("mirror", string.Join(' ', Sources.Select(x => $"{x.Uri}#{x.Suite}")));

    static string FormatOf(string part) =>
        Formats.Split(", ").Single(x => x.StartsWith(part + " ", StringComparison.Ordinal));
}
