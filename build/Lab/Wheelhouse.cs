using System.Collections.Concurrent;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Packages;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>
/// A directory of wheels for one platform that stands for PyPI: Debian's Python packages, repacked, with constraints
/// that pin each and a report of what was changed. What is in it, to the byte, depends on the closure of the packages
/// it is made for alone.
/// </summary>
/// <param name="name">The service that it is for, or <see cref="WheelhouseData.Libraries"/>.</param>
sealed class Wheelhouse(LabData data, ArchitectureData architecture, AbsolutePath dataDirectory, string name,
    DebReader reader)
{
    /// <summary>Programs are for those who run, not for those who build.</summary>
    IReadOnlyList<ProgramData> Programs => name == WheelhouseData.Libraries ? [] : data.Wheelhouse.Programs;

    /// <summary>
    /// What is needed of a closure: Python packages, programs, and those without machine code, as Python packages link
    /// into them. Libraries and the interpreter are the image's business.
    /// </summary>
    public IReadOnlyList<AptPackage> NeededOf(IEnumerable<AptPackage> closure)
    {
        var programs = Programs.SelectMany(x => x.Packages).ToHashSet(StringComparer.Ordinal);
        return [.. closure.Where(x => IsPython(x.Name)
            || x.Architecture == DebPackage.AnyMachine
            || programs.Contains(x.Name))];
    }

    static bool IsPython(string package) => package.StartsWith("python3-", StringComparison.Ordinal);

    /// <summary>Makes the wheels of downloaded packages.</summary>
    /// <param name="files">The packages, see <see cref="NeededOf"/>.</param>
    /// <param name="directory">Gets the wheels.</param>
    /// <param name="others">Directories that may have some of the same wheels: these take no space again.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>A pin of each, and in JSON what was changed.</returns>
    public async Task<(string Constraints, string Report)> MakeAsync(
        IReadOnlyList<AbsolutePath> files, AbsolutePath directory, IReadOnlyList<AbsolutePath> others,
            CancellationToken cancellation)
    {
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        var packages = new ConcurrentDictionary<string, DebPackage>();
        var contents = new ConcurrentDictionary<string, DebContent>();
        await Parallel.ForEachAsync(files, options, async (file, _) =>
        {
            var package = await reader.PackageAsync(file);
            packages[package.Name] = package;
            if (IsPython(package.Name)) contents[package.Name] = await reader.ContentAsync(package);
        });
        // Few others are ever needed, and they are the bulk.
        DebContent? Find(string name) => packages.TryGetValue(name, out var package)
            ? contents.GetOrAdd(name, _ => reader.ContentAsync(package).GetAwaiter().GetResult())
            : null;

        var without = Keys(data.Wheelhouse.Without);
        var versions = data.Wheelhouse.Versions.ToDictionary(x => PythonName.Of(x.Key).Value, x => x.Value,
            StringComparer.Ordinal);
        var repacker = new WheelRepacker(data.Python, architecture.Machine, without, versions);
        WheelDraft[] wheels =
        [
            .. repacker.Repack([.. contents.Select(x => (packages[x.Key], x.Value))],
                x => Closure(x, packages).Select(y => Find(y)!)),
            .. data.Wheelhouse.Stubs.Select(x => Stub(x.Key, x.Value)),
            .. Programs.Select(x => Program(x, packages, Find)),
        ];
        var requirements = new WheelRequirements(wheels, without, Keys(data.Wheelhouse.Unneeded));
        requirements.Mend();
        Directory.CreateDirectory(directory);
        await Parallel.ForEachAsync(wheels, options, (wheel, _) =>
        {
            WheelWriter.Write(directory, wheel, others);
            return ValueTask.CompletedTask;
        });
        return (Constraints(wheels), Report(wheels, [.. repacker.Notes, .. requirements.Notes]));
    }

    /// <summary>
    /// Those packages and all that they depend on, nearest first; only those without machine code, as nobody links into
    /// the others.
    /// </summary>
    static IEnumerable<string> Closure(IEnumerable<string> names, ConcurrentDictionary<string, DebPackage> packages)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var level = Known(names); level.Count > 0; level = Known(level.SelectMany(x => packages[x].Depends)))
        {
            foreach (var name in level) yield return name;
        }

        List<string> Known(IEnumerable<string> found) =>
            [.. found.Order(StringComparer.Ordinal)
                .Where(x => packages.TryGetValue(x, out var package)
                    && package.Architecture == DebPackage.AnyMachine
                    && seen.Add(x))];
    }

    static HashSet<string> Keys(IEnumerable<string> names) =>
        names.Select(x => PythonName.Of(x).Value).ToHashSet(StringComparer.Ordinal);

    WheelDraft Stub(string name, string version) =>
        new("", name, version, CoreMetadata.Create(name, version, "Empty: the system's own serves"), data.Python,
            architecture.Machine);

    /// <summary>A program with its libraries in the environment, where its script finds them.</summary>
    WheelDraft Program(ProgramData program, ConcurrentDictionary<string, DebPackage> packages,
        Func<string, DebContent?> find)
    {
        var version = packages[program.Packages[0]].UpstreamVersion;
        var draft = new WheelDraft(
            program.Packages[0], program.Name, version,
            CoreMetadata.Create(program.Name, version, "Debian's build of it"), data.Python, architecture.Machine)
        {
            IsNative = true,
            Depends = program.Packages.SelectMany(x => packages[x].Depends).ToHashSet(StringComparer.Ordinal),
        };
        var contents = program.Packages.Select(find).ToList();
        var files = program.Files.ToDictionary(
            x => $"{draft.DataDirectory}/data/{x.Key}",
            x => contents.Select(y => y?.Others.GetValueOrDefault(x.Value)).FirstOrDefault(y => y is not null)
                ?? throw new ProblemException($"No package of {program.Name} holds '{x.Value}'",
                    "Correct the laboratory's lab.yaml"),
            StringComparer.Ordinal);
        files[$"{draft.DataDirectory}/scripts/{program.Script}"] =
            new DebFile(File.ReadAllBytes(dataDirectory / program.Script), isExecutable: true);
        return draft with { Files = files };
    }

    string Constraints(IEnumerable<WheelDraft> wheels) => string.Join('\n',
    [
        $"# Upper constraints of the offline laboratory for {name}: the Python packages of Debian {data.Suite}.",
        "# They stand for those of openstack/requirements, which pin versions that only PyPI has.",
        .. wheels.Select(x => $"{x.Key}==={x.Version}").Order(StringComparer.Ordinal),
        "",
    ]);

    static string Report(IReadOnlyList<WheelDraft> wheels, IEnumerable<string> notes) => ReadableJson.Text(
        new
        {
            wheels = wheels.OrderBy(x => x.FileName, StringComparer.Ordinal)
                .ToDictionary(x => x.FileName, x => x.Package),
            runtimeLibraries = wheels.Where(x => x.RuntimeLibraries.Count > 0)
                .OrderBy(x => x.Key, StringComparer.Ordinal)
                .ToDictionary(x => x.Key, x => x.RuntimeLibraries),
            notes,
        });
}
