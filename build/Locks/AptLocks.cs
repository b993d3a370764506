using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Network;
using OpenStack.Storage;

namespace OpenStack.Locks;

/// <summary>
/// Lets apt resolve, in the image that they would be installed in, which packages of the distribution images get: by
/// name, version, place and digest. Nothing is installed. What an archive has moves, so that it is always asked.
/// </summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="mirrors">Who was asked instead of others, whose names locks have.</param>
/// <param name="directory">Where the answers are left.</param>
public sealed class AptLocks(ImageSettings settings, IReadOnlyList<InputMirror> mirrors, AbsolutePath directory)
{
    /// <summary>Image directory of the Dockerfile that does it.</summary>
    public const string Image = "apt-lock";

    /// <summary>The named context of the image that packages would be installed in.</summary>
    const string Target = "image";

    const string Packages = "packages";
    const string Suites = "suites";

    /// <param name="questions">
    /// For each image that packages would be installed in, as BuildKit takes it for a context: packages, by image.
    /// </param>
    /// <returns>By image the packages that it gets, and the suites that they are from.</returns>
    /// <exception cref="ProblemException">
    /// A package is unknown, an archive cannot be reached, or apt's answer is not understood.
    /// </exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<LockedInput>>> ResolveAsync(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>> questions, Buildx buildx)
    {
        using var held = await FileLock.AcquireAsync($"{directory}.lock");
        await Removal.RemoveAsync(directory);
        var targets = new Dictionary<string, BakeTarget>();
        var now = DateTimeOffset.UtcNow;
        foreach (var (context, images) in questions)
        {
            var place = directory / $"{targets.Count}";
            Write(place / Packages, images);
            targets[$"{Image}-{targets.Count}"] = settings.FilesOf(Image, DateTimeOffset.UnixEpoch, place / "answer",
                new() { [Target] = context, [Packages] = place / Packages },
                new() { ["ASKED_AT"] = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) });
        }

        settings.RequireContexts(Image, targets.Values);
        await buildx.BakeAsync(targets, directory / "bake.json", directory / "build.log", noCache: false);
        var answers = questions.Values.SelectMany((images, i) =>
            images.Keys.Select(image => (Image: image, Place: directory / $"{i}" / "answer")));
        return answers.ToDictionary(x => x.Image, x => Read(x.Place, x.Image));
    }

    static void Write(AbsolutePath directory, IReadOnlyDictionary<string, IReadOnlyList<string>> images)
    {
        Directory.CreateDirectory(directory);
        foreach (var (image, packages) in images)
            File.WriteAllText(directory / image, string.Concat(packages.Select(x => $"{x}\n")));
    }

    /// <summary>Only the suites of archives that something comes from: the others are no input.</summary>
    IReadOnlyList<LockedInput> Read(AbsolutePath answer, string image)
    {
        var packages = AptAnswer.ReadPackages(answer / $"{image}.packages", mirrors);
        var suites = AptAnswer.ReadSuites(answer / Suites, mirrors)
            .Where(x => packages.Any(y => y.Url.StartsWith(x.Archive, StringComparison.Ordinal)));
        return [.. suites, .. packages];
    }
}
