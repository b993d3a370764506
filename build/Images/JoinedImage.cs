using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>
/// An image that is built for one or several platforms: <c>image</c> and <c>inputs.json</c> in its directory, made of
/// the same two of each platform. Of one platform it is that platform's manifest, of several an index.
/// </summary>
public static class JoinedImage
{
    /// <param name="directory">Where it is kept.</param>
    /// <param name="parts">Where the images of the platforms are, by platform.</param>
    /// <returns>Whether it was joined; otherwise it was up to date.</returns>
    /// <exception cref="ProblemException">All platforms that are missing or other than they should be.</exception>
    public static async Task<bool> MakeAsync(AbsolutePath directory, IReadOnlyDictionary<string, AbsolutePath> parts)
    {
        ProblemException.ThrowIfAny([.. parts
            .Where(x => !File.Exists(x.Value / "image" / "index.json") || !File.Exists(x.Value / "inputs.json"))
            .Select(x => new Problem($"{x.Value / "image"} is not there", Remedy: $"Build it for {x.Key} first"))]);
        var layouts = parts.ToDictionary(x => x.Key, x => OciLayout.Open(x.Value / "image"));
        ProblemException.ThrowIfAny([.. layouts
            .Where(x => x.Value.Manifests() is not [{ } single] || single.Platform != x.Key)
            .Select(x => new Problem(
                $"{x.Value.Directory} is an image of {string.Join(", ", x.Value.Manifests().Select(y => y.Platform))}",
                Expected: x.Key, Remedy: "Delete it and build it again"))]);

        var stage = new Stage(directory / "image",
            StageInputs.Merge(parts.ToDictionary(x => x.Key, x => StageInputs.Read(x.Value / "inputs.json"))))
        {
            InputsFile = directory / "inputs.json",
        };
        // Whoever builds from scratch may get another image of the same inputs.
        var differs = !IsMadeOf(stage.Output, [.. layouts.Values.Select(x => x.Digest)]);
        return (await Stage.MakeAllAsync([stage], work =>
        {
            PlatformIndex.Write([.. layouts.Values], work[0].Aside);
            return Task.CompletedTask;
        }, again: differs)).Count > 0;
    }

    static bool IsMadeOf(AbsolutePath image, HashSet<string> manifests)
    {
        try
        {
            return manifests.SetEquals(OciLayout.Open(image).Manifests().Select(x => x.Digest));
        }
        catch (ProblemException)
        {
            return false;
        }
    }
}
