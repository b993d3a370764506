using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Locks;
using OpenStack.Pipeline.Selection;
using OpenStack.Sources;
using OpenStack.Storage;
using OpenStack.Wheels;
using Serilog;

namespace OpenStack.Pipeline.Images;

/// <summary>Every input by digest.</summary>
interface ILock : IBuildWheels
{
    [Parameter("Fails where a lock is not what its inputs give, instead of writing it")]
    bool Check => TryGetValue<bool?>(() => Check) ?? false;

    Target Lock => _ => _
        .Description("Writes what the selected images are made of, by digest: system packages, Python "
            + "distributions, what builds them")
        .DependsOn<IBuildBase>(x => x.BuildBase)
        .DependsOn<IBuildWheels>(x => x.BuildWheels)
        .Executes(async () =>
        {
            // Not beside the locks: that directory is under version control.
            using var held = await FileLock.AcquireAsync(TemporaryDirectory / "locks.lock");
            var locks = new List<InputLock>();
            foreach (var platform in Platforms) locks.AddRange(await LocksOfAsync(platform));
            var problems = Check ? locks.SelectMany(ProblemsOf).ToList() : [];
            var written = Check ? 0 : locks.Count(Write);
            ReportSummary(x => x.AddPair(Check ? "Differ" : "Written", $"{(Check ? problems.Count : written)}"));
            ProblemException.ThrowIfAny(problems);
        });

    InputLock? Written(LockSubject subject)
    {
        var file = subject.FileBelow(RefLocks);
        return File.Exists(file) ? InputLock.Read(file, ShownAs(file)) : null;
    }

    /// <returns>Whether it says something else than before.</returns>
    bool Write(InputLock now)
    {
        var before = Written(now.Subject);
        Tell(now, before, LockDifference.Between(before?.Inputs ?? [], now.Inputs));
        if (before?.ToText() == now.ToText()) return false;
        AtomicFile.WriteText(now.Subject.FileBelow(RefLocks), now.ToText());
        return true;
    }

    IEnumerable<Problem> ProblemsOf(InputLock now)
    {
        var before = Written(now.Subject);
        var difference = LockDifference.Between(before?.Inputs ?? [], now.Inputs);
        Tell(now, before, difference);
        return ProblemsOf(now, before, difference);
    }

    /// <summary>What moved; of a lock that is new, how much there is.</summary>
    void Tell(InputLock now, InputLock? before, LockDifference difference)
    {
        var counts = now.Inputs.GroupBy(x => x.Kind)
            .OrderBy(x => x.Key, StringComparer.Ordinal)
            .Select(x => $"{x.Count()} {x.Key}");
        var state = before is null
            ? "new" : difference.Changes.Count == 0 ? "as it was" : $"{difference.Mattering.Count} moved";
        Log.Information("{Subject}: {Counts} ({State})", now.Subject, string.Join(", ", counts), state);
        foreach (var input in now.Inputs.OfType<UnlockedInput>())
            Log.Warning("{Subject}: {Input} has no digest: it {Why}", now.Subject, input.Name, input.Why);
        if (before is not null) Results.Table($"{ShownAs(now.Subject.FileBelow(RefLocks))}", difference.ToTable());
    }

    IEnumerable<Problem> ProblemsOf(InputLock now, InputLock? before, LockDifference difference)
    {
        var file = ShownAs(now.Subject.FileBelow(RefLocks));
        const string remedy = "Run ./build.sh Lock without --check, look at what moved, and commit the file";
        if (before is null) yield return new Problem($"there is no lock of {now.Subject}", file, Remedy: remedy);
        else if (before.Subject != now.Subject)
            yield return new Problem($"the lock is of {before.Subject} on {before.Subject.Distro}", file,
                Expected: $"{now.Subject} on {now.Subject.Distro}", Remedy: remedy);
        else if (difference.Mattering is { Count: > 0 } moved)
            yield return new Problem(
                $"the lock is not what its inputs give: {string.Join("; ", moved.Take(3).Select(x => x.Text))}"
                + $"{(moved.Count > 3 ? $" and {moved.Count - 3} more, told above" : "")}",
                file, Remedy: remedy);
    }

    /// <summary>The locks of the base images and of the selected services, as everything is now.</summary>
    async Task<IReadOnlyList<InputLock>> LocksOfAsync(string platform)
    {
        var (bases, images) = (BasesFor(platform),
            PythonSelection.Select(x => (Workspace: x, Image: PythonImageOf(x, platform))).ToList());
        var natives = Selection.Where(x => Catalog.KindOf(x.Component) == ImageKind.Native)
            .Select(x => (Workspace: x, Image: NativeImageOf(x, platform))).ToList();
        var distribution = await ExternalImageAsync(BaseImages.PythonBase, platform);
        var uv = await ExternalImageAsync(BaseImages.VenvBuilder, platform);
        var pythonBase = bases.Open(BaseImages.PythonBase);
        var apt = await new AptLocks(SettingsFor(platform), FileMirrors,
            BuiltImage.BasesOf(ArtifactsDirectory, platform) / AptLocks.Image).ResolveAsync(
                new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>
                {
                    [distribution.Context] = new Dictionary<string, IReadOnlyList<string>>
                    {
                        [BaseImages.PythonBase] = SystemPackagesOf(BaseImages.PythonBase),
                    },
                    [pythonBase.Context] = images.ToDictionary(
                        x => Question(x.Workspace), x => x.Image.AptPackages)
                        .Append(new(BaseImages.VenvBuilder, SystemPackagesOf(BaseImages.VenvBuilder)))
                        .Concat(natives.Select(x => KeyValuePair.Create(Question(x.Workspace), x.Image.AptPackages)))
                        .ToDictionary(),
                    [bases.Open(BaseImages.VenvBuilder).Context] = natives.ToDictionary(
                        x => BuildQuestion(x.Workspace), x => x.Image.BuildPackages),
                }.Where(x => x.Value.Count > 0).ToDictionary(), Buildx);
        var closures = images.ToDictionary(x => x.Image,
            x => PyLock.Read(x.Image.ClosureDirectory / "pylock.toml", x.Image.Distribution));
        var sources = images
            .Select(x => new WheelSources(x.Image, TreesOf(x.Workspace), [.. closures[x.Image].Where(y => y.IsSource)]))
            .ToList();
        var requirements = await new BuildRequirements(WheelSettingsFor(platform), bases)
            .ResolveAsync(sources, WheelBuildx, NoCache);
        InputLock LockOf(string image, string? release, IEnumerable<LockedInput> inputs) =>
            new(new LockSubject(image, release, platform, Distro), [.. inputs]);
        return
        [
            LockOf(BaseImages.PythonBase, null,
                [.. apt[BaseImages.PythonBase], new LockedImage(distribution.Name, distribution.Digest)]),
            LockOf(BaseImages.VenvBuilder, null, [.. apt[BaseImages.VenvBuilder], new LockedImage(uv.Name, uv.Digest)]),
            .. images.Select((x, i) => LockOf(x.Workspace.Component, x.Workspace.Release.Name,
            [
                .. apt[Question(x.Workspace)],
                .. PythonInputs.Installed(Placed(x.Image, closures[x.Image], platform), x.Image.Wheelhouse,
                    x.Image.LibrariesDirectory),
                .. PythonInputs.BuiltWith(Placed(x.Image, requirements[i], platform), x.Image.Wheelhouse),
                .. SourcesOf(x.Workspace).Select(SourceOf),
            ])),
            .. natives.Select(x => LockOf(x.Workspace.Component, x.Workspace.Release.Name,
            [
                .. apt[Question(x.Workspace)].Union(apt[BuildQuestion(x.Workspace)]),
                .. SourcesOf(x.Workspace).Select(SourceOf),
            ])),
        ];

        static string Question(Workspace x) => $"{x.Component}-{x.Release.Name}";
        static string BuildQuestion(Workspace x) => $"{Question(x)}-build";
    }

    /// <summary>A service, and the libraries that its release builds from source.</summary>
    IEnumerable<Workspace> SourcesOf(Workspace service) =>
        LibrariesOf(service).Prepend(service);

    Dictionary<string, Nuke.Common.IO.AbsolutePath> TreesOf(Workspace service) =>
        SourcesOf(service).ToDictionary(x => x.Component, x => x.SourceDirectory / "tree");

    static LockedInput SourceOf(Workspace workspace)
    {
        var source = ResolvedRef.ReadAll(Inputs.Require(workspace.RefsFile, nameof(ResolveRefs)))[0];
        return source.Kind == RefKind.Local
            ? new UnlockedInput(workspace.Component, "is a tree of this machine")
            : new LockedCommit(workspace.Component, source.Ref, source.Commit, source.Remote);
    }
}
