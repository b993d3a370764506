using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Storage;
using OpenStack.Wheels;

namespace OpenStack.Locks;

/// <summary>What the wheels of an image are built from.</summary>
/// <param name="Image">The image.</param>
/// <param name="Trees">Source trees of the service and of libraries, by name.</param>
/// <param name="Sdists">What comes as source alone.</param>
public sealed record WheelSources(
    PythonImage Image, IReadOnlyDictionary<string, AbsolutePath> Trees, IReadOnlyList<LockedDistribution> Sdists)
{
    /// <summary>Where the answer is kept.</summary>
    public AbsolutePath Directory => Image.Directory / "build-requirements";

    /// <summary>What is asked.</summary>
    public AbsolutePath ProjectsDirectory => Image.Directory / "build-projects";
}

/// <summary>
/// What building the wheels of images takes: those of services, of libraries, of what comes as source alone, and of
/// what that takes in turn. Each project is asked, as PEP 517 has it; the answers of an image are resolved together.
/// </summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="bases">The base images, built before.</param>
public sealed class BuildRequirements(ImageSettings settings, BaseImages bases)
{
    /// <summary>Image directory of the Dockerfile that asks.</summary>
    public const string Image = "build-requirements";

    const string ConstraintsFile = "build-constraints.txt";

    /// <summary>
    /// What backends read before they say what they need; the code of a project says nothing of that.
    /// </summary>
    static readonly string[] s_read = ["*.toml", "setup.cfg", "setup.py", "README*"];

    /// <returns>For each, what building it takes.</returns>
    /// <exception cref="ProblemException">
    /// A project does not say, or the answers cannot be resolved together.
    /// </exception>
    public async Task<IReadOnlyList<IReadOnlyList<LockedDistribution>>> ResolveAsync(
        IReadOnlyList<WheelSources> sources, Buildx buildx, bool again)
    {
        var venvBuilder = bases.Open(BaseImages.VenvBuilder);
        var stages = new Dictionary<Stage, WheelSources>();
        foreach (var image in sources)
        {
            await WriteProjectsAsync(image);
            stages[StageOf(image, venvBuilder.Digest)] = image;
        }

        await Stage.MakeAllAsync([.. stages.Keys], async work =>
        {
            var targets = work.ToDictionary(
                x => BakeFile.TargetName(stages[x.Stage].Image.Service, stages[x.Stage].Image.Release),
                x => TargetOf(stages[x.Stage], venvBuilder.Context, x.Aside));
            settings.RequireContexts(Image, targets.Values);
            var first = stages[work[0].Stage].Image.Directory;
            await buildx.BakeAsync(BakeFile.ShareDirectory(targets, ImageSettings.Wheelhouse),
                first / $"{Image}.bake.json", first / $"{Image}.log", noCache: again);
        }, again);
        return [.. sources.Select(x => PyLock.Read(x.Directory / "pylock.toml", own: "-"))];
    }

    Stage StageOf(WheelSources sources, string venvBuilder)
    {
        var inputs = settings.InputsOf(Image, DateTimeOffset.UnixEpoch)
            .Add("builder.digest", venvBuilder)
            .Add("projects.digest", Digest.OfDirectory(sources.ProjectsDirectory));
        var constraints = sources.Image.ConstraintsDirectory / ConstraintsFile;
        if (File.Exists(constraints)) inputs.Add("build-constraints", Digest.OfFile(constraints));
        if (sources.Image.Wheelhouse is { } wheelhouse)
            inputs.Add("wheelhouse.digest", RememberedDigest.OfDirectory(wheelhouse));
        return new Stage(sources.Directory, inputs);
    }

    BakeTarget TargetOf(WheelSources sources, string venvBuilder, AbsolutePath aside)
    {
        var contexts = new Dictionary<string, string>
        {
            [BaseImages.VenvBuilder] = venvBuilder,
            ["projects"] = sources.ProjectsDirectory,
            ["constraints"] = sources.Image.ConstraintsDirectory,
        };
        if (sources.Image.Wheelhouse is { } wheelhouse) contexts[ImageSettings.Wheelhouse] = wheelhouse;
        return settings.FilesOf(Image, DateTimeOffset.UnixEpoch, aside, contexts);
    }

    static Task<bool> WriteProjectsAsync(WheelSources sources)
    {
        var files = sources.Trees.SelectMany(x => s_read.SelectMany(y => Directory.GetFiles(x.Value, y))
            .Select(y => (Tree: x.Key, File: (AbsolutePath)y))).DistinctBy(x => x.File).ToList();
        var sdists = string.Concat(sources.Sdists.OrderBy(x => x.Name, StringComparer.Ordinal)
            .Select(x => $"{x.Name} {x.File.Url} {x.File.Sha256}\n"));
        var inputs = new StageInputs().Add("sdists", Digest.OfText(sdists));
        foreach (var (tree, file) in files) inputs.Add($"{tree}/{file.Name}", Digest.OfFile(file));
        return new Stage(sources.ProjectsDirectory, inputs).MakeAsync(aside =>
        {
            Directory.CreateDirectory(aside / "trees");
            foreach (var tree in sources.Trees.Keys) Directory.CreateDirectory(aside / "trees" / tree);
            foreach (var (tree, file) in files) File.Copy(file, aside / "trees" / tree / file.Name);
            return File.WriteAllTextAsync(aside / "sdists", sdists);
        });
    }
}
