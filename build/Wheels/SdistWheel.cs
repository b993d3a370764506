using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Storage;

namespace OpenStack.Wheels;

/// <summary>
/// The wheel of a distribution that comes as source alone: built once for all images of a release and platform, at a
/// path that is always the same.
/// </summary>
/// <param name="Release">Its build constraints count.</param>
/// <param name="Distribution">The source.</param>
/// <param name="ConstraintsDirectory">Holds <c>build-constraints.txt</c>, perhaps.</param>
/// <param name="Directory">Where the wheel is kept, and nothing else.</param>
public sealed record SdistWheel(string Release, LockedDistribution Distribution, AbsolutePath ConstraintsDirectory,
    AbsolutePath Directory)
{
    /// <summary>Image directory of the Dockerfile that builds it.</summary>
    public const string Image = "sdist-wheel";

    /// <summary>Wheels to build with, and where the source is, instead of an index.</summary>
    public AbsolutePath? Wheelhouse { get; init; }

    /// <summary>
    /// Digest of what the locks say that it is built with; null where an index decides that: such a wheel is another
    /// one, whatever came out of it.
    /// </summary>
    public string? BuiltWith { get; init; }

    public Dictionary<string, string> Args => new()
    {
        ["DISTRIBUTION"] = Distribution.Name,
        ["SDIST_URL"] = Distribution.File.Url,
        ["SDIST_SHA256"] = Distribution.File.Sha256,
    };

    /// <summary>The stage that the wheel is.</summary>
    /// <param name="venvBuilder">
    /// Digest of the image that builds it: its compiler and headers are part of what comes out.
    /// </param>
    public Stage StageOf(ImageSettings settings, string venvBuilder)
    {
        var inputs = settings.InputsOf(Image, DateTimeOffset.UnixEpoch).Add("builder.digest", venvBuilder);
        var constraints = ConstraintsDirectory / "build-constraints.txt";
        if (File.Exists(constraints)) inputs.Add("build-constraints", Digest.OfFile(constraints));
        if (BuiltWith is not null) inputs.Add("build.lock", BuiltWith);
        foreach (var (name, value) in Args) inputs.Add($"arg.{name}", value);
        return new Stage(Directory, inputs);
    }
}
