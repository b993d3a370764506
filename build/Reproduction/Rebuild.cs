using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Reproduction;

/// <summary>
/// Builds an image again, by the commit of the repository that built it: in a work tree of its own, with the code and
/// the data of that commit, without a network and without any cache.
/// </summary>
/// <param name="recipe">What is to be built.</param>
/// <param name="below">Where; images of one commit are built in one work tree, one after the other.</param>
public sealed class Rebuild(BuildRecipe recipe, AbsolutePath below)
{
    /// <summary>The most lines of a failure that are told.</summary>
    const int MostLines = 20;

    readonly AbsolutePath _directory = below / recipe.Commit[..12];

    AbsolutePath Repository => _directory / "repository";

    AbsolutePath Records => _directory / "records" / Digest.OfText(string.Concat(recipe.Locks.Values))[7..19];

    AbsolutePath Image => Repository / "artifacts" / (recipe.Release is null
        ? (RelativePath)"base" / "platforms" / PlatformName.ForFiles(recipe.Platform) / recipe.Image
        : (RelativePath)recipe.Release / recipe.Image / "platforms" / PlatformName.ForFiles(recipe.Platform));

    /// <summary>The image, once it is built.</summary>
    public OciLayout Open() => OciLayout.Open(Image / "image");

    /// <summary>What it was built from.</summary>
    public IReadOnlyDictionary<string, string> Inputs => StageInputs.Read(Image / "inputs.json").Values;

    /// <param name="own">The repository that this is run in.</param>
    /// <param name="places">
    /// Parameters that say where things are on this machine, as on a command line: of what they hold, every byte is
    /// compared with the locks.
    /// </param>
    /// <param name="onLine">Gets what the build says.</param>
    /// <exception cref="ProblemException">It cannot be built.</exception>
    public async Task RunAsync(OwnRepository own, IReadOnlyList<string> places, Action<string> onLine,
        CancellationToken cancellation = default)
    {
        using var held = await FileLock.AcquireAsync($"{_directory}.lock", cancellation: cancellation);
        await new Stage(Repository, new StageInputs().Add("commit", recipe.Commit)).MakeAsync(
            aside => own.ExtractAsync(recipe.Commit, recipe.Repository, aside, cancellation),
            cancellation: cancellation);
        WriteRecords();
        IReadOnlyList<string> selection = recipe.Release is null
            ? ["--service", BaseImages.PythonBase]
            : ["--service", recipe.Image, "--release", recipe.Release];
        IReadOnlyList<string> arguments =
        [
            .. selection, "--platform", recipe.Platform, "--distro", recipe.Distro, "--registry", recipe.Registry,
            "--ref-locks", Records, .. places, "--no-logo",
        ];
        await BuildAsync(["Prefetch", .. arguments], onLine, cancellation);
        var target = recipe.Release is null ? "BuildBase" : "BuildService";
        // What a cache has may be the very image that is to be compared with.
        await BuildAsync([target, .. arguments, "--hermetic", "--no-cache"], onLine, cancellation);
    }

    /// <summary>The locks as they were signed, and nothing that was recorded besides: they have the commits.</summary>
    void WriteRecords()
    {
        foreach (var (path, text) in recipe.Locks) AtomicFile.WriteText(Records / path, text);
    }

    async Task BuildAsync(IReadOnlyList<string> arguments, Action<string> onLine, CancellationToken cancellation)
    {
        var build = new Command(Repository / "build.sh", arguments)
        {
            WorkingDirectory = Repository,
            // What this run was given as a variable, the other gets as an argument, or not at all; its words are read.
            Environment = new Dictionary<string, string?>(Environment.GetEnvironmentVariables().Keys.Cast<string>()
                .Where(x => x.StartsWith("NUKE_", StringComparison.OrdinalIgnoreCase))
                .ToDictionary(x => x, _ => (string?)null))
            {
                ["TERM"] = "dumb",
            },
            OnLine = onLine,
        };
        var result = await build.RunAsync(cancellation);
        if (result.Succeeded) return;
        AbsolutePath log = _directory / "build.log";
        AtomicFile.WriteText(log, result.Output + result.Error);
        throw new ProblemException(
            $"The build of {recipe.Image} at commit {recipe.Commit[..7]} failed: {ErrorsOf(result)}",
            $"See {log}; the work tree is {Repository}");
    }

    /// <summary>What a build that fails says, from its first error to the list of all of them.</summary>
    static string ErrorsOf(CommandResult result) => string.Join('\n', result.Output.Split('\n')
        .SkipWhile(x => !x.Contains("[ERR]", StringComparison.Ordinal))
        .Skip(1)
        .TakeWhile(x => !x.StartsWith('╬'))
        .Select(x => x.TrimEnd())
        .Where(x => x.Length > 0)
        .Take(MostLines)
        .DefaultIfEmpty(result.Tail(5)));
}
