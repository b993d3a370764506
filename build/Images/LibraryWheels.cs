using System.IO.Compression;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>Builds the wheels of libraries with the builder of the service images, all that are not up to date in one BuildKit graph.</summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="bases">The base images, built before.</param>
public sealed class LibraryWheels(ImageSettings settings, BaseImages bases)
{
    static readonly Dictionary<string, string[]> s_needed = new() { ["source"] = [".git"] };

    /// <returns>The wheels that were built.</returns>
    /// <exception cref="ProblemException">A build fails, or makes another wheel than was asked for.</exception>
    public async Task<IReadOnlyList<LibraryWheel>> BuildAsync(IReadOnlyList<LibraryWheel> wheels, Buildx buildx, bool again, Action onWait)
    {
        if (wheels.Count == 0) return [];
        var venvBuilder = bases.Open(BaseImages.VenvBuilder);
        var stages = wheels.ToDictionary(x => x.StageOf(settings, venvBuilder));
        var made = await Stage.MakeAllAsync([.. stages.Keys], async work =>
        {
            var targets = new Dictionary<string, BakeTarget>();
            var problems = new List<Problem>();
            foreach (var (stage, aside) in work)
            {
                var wheel = stages[stage];
                var contexts = new Dictionary<string, string>
                {
                    [BaseImages.VenvBuilder] = venvBuilder.Context,
                    ["source"] = wheel.SourceDirectory,
                    ["constraints"] = wheel.ConstraintsDirectory,
                };
                if (wheel.Wheelhouse is not null) contexts[ImageSettings.Wheelhouse] = wheel.Wheelhouse;
                problems.AddRange(settings.DockerfileOf(LibraryWheel.Image).CheckContexts(contexts, s_needed));
                var target = settings.TargetOf(LibraryWheel.Image, wheel.CommitTime, output: null, contexts, args: new() { ["PBR_VERSION"] = wheel.Version });
                targets[BakeFile.TargetName(wheel.Component, wheel.Release)] = target with { Output = [BakeFile.DirectoryOutput(aside)] };
            }

            ProblemException.ThrowIfAny(problems);
            var directory = stages[work[0].Stage].Directory.Parent!;
            await buildx.BakeAsync(BakeFile.ShareDirectory(targets, ImageSettings.Wheelhouse), directory / "bake.json", directory / "build.log", noCache: again);
            ProblemException.ThrowIfAny([.. work.Select(x => Check(stages[x.Stage], x.Aside)).OfType<Problem>()]);
        }, again, onWait);
        return [.. made.Select(x => stages[x])];
    }

    /// <summary>A project that takes its version from elsewhere would otherwise be installed nowhere, without a word.</summary>
    static Problem? Check(LibraryWheel wheel, AbsolutePath directory)
    {
        var files = Directory.GetFiles(directory, "*.whl");
        if (files is not [var file]) return new Problem($"{wheel.Release} {wheel.Component}: the build left {files.Length} wheels, not one");
        var (name, version) = MetadataOf(file);
        return PythonName.Of(name) == PythonName.Of(wheel.Distribution) && PythonVersion.TryParse(version)?.Equals(PythonVersion.TryParse(wheel.Version)) == true
            ? null
            : new Problem($"{wheel.Release} {wheel.Component}: the wheel is {name} {version}", Expected: $"{wheel.Distribution} {wheel.Version}",
                Remedy: "The project does not take its version from PBR or setuptools_scm: let a patch set it");
    }

    /// <summary><c>Name</c> and <c>Version</c> of the core metadata in a wheel.</summary>
    static (string Name, string Version) MetadataOf(string file)
    {
        using var archive = ZipFile.OpenRead(file);
        var entry = archive.Entries.First(x => x.FullName.EndsWith(".dist-info/METADATA", StringComparison.Ordinal));
        using var reader = new StreamReader(entry.Open());
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            if (line.Split(": ", 2) is [var key, var value]) fields.TryAdd(key, value);
        }

        return (fields.GetValueOrDefault("Name", ""), fields.GetValueOrDefault("Version", ""));
    }
}
