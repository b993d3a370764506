using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Wheels;

/// <summary>A library that is built from source into a wheel, once for all images of its release.</summary>
/// <param name="Component">Name of the component: <c>oslo.messaging</c>.</param>
/// <param name="Release">As in <c>2025.1</c>.</param>
/// <param name="Distribution">Name of the Python distribution.</param>
/// <param name="Version">What the wheel is to be called: <see cref="VersionOf"/>.</param>
/// <param name="CommitTime">When its commit was made: the time of the files in the wheel.</param>
/// <param name="SourceDirectory">The sealed tree.</param>
/// <param name="SourceDigest">Of the sealed tree.</param>
/// <param name="ConstraintsDirectory">Holds <c>build-constraints.txt</c>, perhaps.</param>
public sealed record LibraryWheel(
    string Component,
    string Release,
    string Distribution,
    string Version,
    DateTimeOffset CommitTime,
    AbsolutePath SourceDirectory,
    string SourceDigest,
    AbsolutePath ConstraintsDirectory)
{
    /// <summary>Image directory of the Dockerfile that builds it.</summary>
    public const string Image = "library-wheel";

    /// <summary>Wheels to build with instead of an index.</summary>
    public AbsolutePath? Wheelhouse { get; init; }

    /// <summary>Where the wheel is kept, and nothing else; the log is beside it.</summary>
    public required AbsolutePath Directory { get; init; }

    /// <summary>
    /// The version of a library with patches: that of its source and the number of patches as local version label, PEP
    /// 440. An index never has it, so it is installed wherever it is asked for, and <c>pip list</c> shows it.
    /// </summary>
    /// <param name="version">The version that PBR gives to the source.</param>
    /// <param name="patches">How many patches are applied to it; none leaves the version as it is.</param>
    public static string VersionOf(string version, int patches) =>
        patches == 0 ? version : $"{version}{(version.Contains('+') ? '.' : '+')}p{patches}";

    /// <summary>The pin that only the wheel of a library satisfies.</summary>
    public static Pin PinOf(SealedTree tree) =>
        Pin.Of(tree.Source.Distribution, VersionOf(tree.Source.Version, tree.Patches.Count), null);

    /// <summary>The stage that the wheel is.</summary>
    public Stage StageOf(ImageSettings settings, OciLayout venvBuilder)
    {
        var inputs = settings.InputsOf(Image, CommitTime)
            .Add("builder.digest", venvBuilder.Digest)
            .Add("constraints.digest", Digest.OfDirectory(ConstraintsDirectory))
            .Add("distribution", Distribution)
            .Add("source.digest", SourceDigest)
            .Add("version", Version);
        if (Wheelhouse is not null) inputs.Add("wheelhouse.digest", RememberedDigest.OfDirectory(Wheelhouse));
        return new Stage(Directory, inputs);
    }
}
