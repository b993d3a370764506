using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace OpenStack.Lab;

/// <summary>What the laboratory is made of: <c>lab.yaml</c> in the data directory.</summary>
[DescribedFile("What the laboratory is made of: Debian's packages, and what becomes of them", Place = Place)]
public sealed record LabData
{
    public const string Place = "build/Lab/data/lab.yaml";

    /// <summary>Debian's suite, e.g. <c>trixie</c>.</summary>
    public required string Suite { get; init; }

    /// <summary>Version of the suite's Python, e.g. <c>3.13</c>.</summary>
    public required string Python { get; init; }

    /// <summary>What images can be built for.</summary>
    public required IReadOnlyList<ArchitectureData> Architectures { get; init; }

    /// <summary>The package of the programs that run those of foreign architectures.</summary>
    public required string Emulator { get; init; }

    public required ToolsData Tools { get; init; }

    public required NewerPackagesData Cosign { get; init; }

    public required EngineData Engine { get; init; }

    public required BaseImageData BaseImage { get; init; }

    public required WheelhouseData Wheelhouse { get; init; }

    public required IReadOnlyList<SourceData> Sources { get; init; }

    /// <exception cref="ProblemException">The file is not as described here.</exception>
    public static LabData Read(AbsolutePath file)
    {
        try
        {
            var data = new DeserializerBuilder()
                .WithNamingConvention(CamelCaseNamingConvention.Instance)
                .WithTypeMapping<IReadOnlyList<string>, List<string>>()
                .WithTypeMapping<IReadOnlyList<ArchitectureData>, List<ArchitectureData>>()
                .WithTypeMapping<IReadOnlyList<ProgramData>, List<ProgramData>>()
                .WithTypeMapping<IReadOnlyList<SourceData>, List<SourceData>>()
                .WithTypeMapping<IReadOnlyDictionary<string, string>, Dictionary<string, string>>()
                .WithTypeMapping<IReadOnlyDictionary<string, IReadOnlyList<string>>, Dictionary<string,
                    IReadOnlyList<string>>>()
                .WithEnforceRequiredMembers()
                .WithNodeDeserializer(new NothingRefused(), x => x.OnTop())
                .Build()
                .Deserialize<LabData?>(File.ReadAllText(file))
                ?? throw new ProblemException(new Problem("The file is empty", file, Expected: "a mapping"));
            ProblemException.ThrowIfAny([.. data.Sources.Where(x => x.Package is null == (x.RebuiltFrom.Count == 0))
                .Select(x => new Problem(
                    $"The source of {x.Component} on {x.Branch} is not one thing", file,
                    Expected: "either 'package' or 'rebuiltFrom'")),
                .. data.Sources.Where(x => x.Package is null && x.Suite is not null).Select(x => new Problem(
                    $"The suite of {x.Component} is of no source package", file, Expected: "'package' beside 'suite'")),
                .. data.Sources.Where(x => x.Tree is not null && x.RebuiltFrom.Count != 1).Select(x => new Problem(
                    $"The tree of {x.Component} is in no one package", file,
                    Expected: "one package in 'rebuiltFrom'"))]);
            return data;
        }
        catch (YamlException e)
        {
            var found = e.InnerException?.Message ?? e.Message;
            throw new ProblemException(new Problem(found, file, (int)e.Start.Line, (int)e.Start.Column), e);
        }
    }

    /// <summary>A key or an item without a value is a mistake, which would be found out too late.</summary>
    sealed class NothingRefused : INodeDeserializer
    {
        public bool Deserialize(IParser reader, Type expectedType,
            Func<IParser, Type, object?> nestedObjectDeserializer, out object? value,
            ObjectDeserializer rootDeserializer)
        {
            value = null;
            return reader.Accept<Scalar>(out var x) && x is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" }
                ? throw new YamlException(x.Start, x.End, "There is nothing here")
                : false;
        }
    }

    /// <summary>The architectures of these platforms.</summary>
    /// <exception cref="ProblemException">All that the laboratory does not know.</exception>
    public IReadOnlyList<ArchitectureData> ArchitecturesOf(IReadOnlyList<string> platforms)
    {
        var known = Architectures.Select(x => x.Platform).ToList();
        ProblemException.ThrowIfAny([.. platforms.Except(known)
            .Select(x => new Problem($"--platform: the laboratory does not know '{x}'",
                Expected: string.Join(" or ", known),
                Remedy: Suggest.DidYouMean(x, known,
                    $"What it knows is listed under 'architectures' in {Place}")))]);
        return [.. Architectures.Where(x => platforms.Contains(x.Platform))];
    }
}

/// <summary>An architecture of 64 bits, the lowest first.</summary>
public sealed record ArchitectureData
{
    /// <summary>As engines name it, e.g. <c>linux/arm64</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>As Debian names it, e.g. <c>arm64</c>.</summary>
    public required string Debian { get; init; }

    /// <summary>As the kernel, tags of wheels and emulators name it, e.g. <c>aarch64</c>.</summary>
    public required string Machine { get; init; }

    /// <summary>The number by which its programs are told, <c>e_machine</c> of their ELF header.</summary>
    public required int Elf { get; init; }
}

/// <summary>Programs that are unpacked beside each other.</summary>
public sealed record ToolsData
{
    /// <summary>From the laboratory's suite.</summary>
    public required IReadOnlyList<string> Packages { get; init; }

    /// <summary>From the suite of the host, because they need its C library.</summary>
    public required IReadOnlyList<string> HostPackages { get; init; }
}

/// <summary>How much of the disk the engine may keep for itself.</summary>
public sealed record EngineData
{
    /// <summary>
    /// Share of the disk's free space, in percent, that it may take when it starts; what it has already counts as free.
    /// </summary>
    public required int PercentOfFree { get; init; }

    /// <summary>The least that it keeps, in GiB: below that, every build would begin from nothing.</summary>
    public required int AtLeast { get; init; }

    /// <summary>The most, in GiB.</summary>
    public required int AtMost { get; init; }

    /// <summary>Names of images that builds load to run them, as a pattern of the engine's.</summary>
    public required string LoadedImages { get; init; }

    /// <summary>How many of those stay.</summary>
    public required int KeptImages { get; init; }
}

/// <summary>Programs that the laboratory's suite has only in versions that are too old.</summary>
public sealed record NewerPackagesData
{
    /// <summary>A suite on the same mirror; it may move: what it has on the day is taken.</summary>
    public required string Suite { get; init; }

    /// <summary>Unpacked alone, without what they depend on.</summary>
    public required IReadOnlyList<string> Packages { get; init; }
}

/// <summary>The image that stands for the distribution's own.</summary>
public sealed record BaseImageData
{
    /// <summary>The package that makes the root file system.</summary>
    public required string Builder { get; init; }

    /// <summary>Packages beyond the suite's minimal set.</summary>
    public required IReadOnlyList<string> Packages { get; init; }

    /// <summary>Lines of dpkg's configuration in the image.</summary>
    public required IReadOnlyList<string> DpkgOptions { get; init; }

    /// <summary>Settings of apt in the image.</summary>
    public required IReadOnlyList<string> AptOptions { get; init; }
}

/// <summary>The Python packages that are repacked as wheels.</summary>
public sealed record WheelhouseData
{
    /// <summary>The directory of what libraries are built with, beside those of services.</summary>
    public const string Libraries = "libraries";

    /// <summary>By service, what it requires; with all that those depend on.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Services { get; init; }

    /// <summary>By service, what its own tests want besides; of one that is not named nothing is known.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Tests { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What operators add to any service.</summary>
    public required IReadOnlyList<string> Common { get; init; }

    /// <summary>What wheels are built with.</summary>
    public required IReadOnlyList<string> Builds { get; init; }

    /// <summary>Distributions that are left out, because the build makes them from source.</summary>
    public required IReadOnlyList<string> Without { get; init; }

    /// <summary>Distributions that are not required merely because Debian's packages depend on them.</summary>
    public required IReadOnlyList<string> Unneeded { get; init; }

    /// <summary>Empty distributions, name to version, for what Debian solves without a Python package.</summary>
    public required IReadOnlyDictionary<string, string> Stubs { get; init; }

    /// <summary>Versions, by distribution, that Debian's metadata does not tell.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public required IReadOnlyList<ProgramData> Programs { get; init; }

    /// <summary>The directory of what the tests of a service want, beside all that the service does.</summary>
    public static string TestsOf(string service) => $"{service}-tests";

    /// <summary>All that decides on how packages become wheels, as words.</summary>
    public IEnumerable<string> Rules =>
    [
        $"without {string.Join(' ', Without)}", $"unneeded {string.Join(' ', Unneeded)}",
        .. Stubs.Select(x => $"stub {x.Key} {x.Value}"), .. Versions.Select(x => $"version {x.Key} {x.Value}"),
        .. Programs.SelectMany(x => x.Files,
            (program, file) => $"program {program.Name} {program.Script} {file.Key} {file.Value}"),
    ];

    /// <summary>
    /// The Debian packages whose closure is the directory of that name: of a service, of its tests, or
    /// <see cref="Libraries"/>. A service that is not known here gets what all others have.
    /// </summary>
    public IReadOnlyList<string> PackagesOf(string name) => name == Libraries ? Builds
        : Tests.Keys.FirstOrDefault(x => TestsOf(x) == name) is { } tested ? [.. PackagesOf(tested), .. Tests[tested]]
        :
    [
        .. Services.TryGetValue(name, out var own) ? own : Services.Values.SelectMany(x => x),
        .. Common, .. Builds, .. Programs.SelectMany(x => x.Packages),
    ];
}

/// <summary>A program that is a Python distribution on PyPI and an ordinary program in Debian.</summary>
public sealed record ProgramData
{
    /// <summary>Name of the distribution.</summary>
    public required string Name { get; init; }

    /// <summary>Debian packages that hold the files; the first one's version is the distribution's.</summary>
    public required IReadOnlyList<string> Packages { get; init; }

    /// <summary>
    /// Place in the environment to place in a package (a final <c>/</c>: all files of the directory).
    /// </summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>Script of the environment's <c>bin</c>, by the name of its file in the data directory.</summary>
    public required string Script { get; init; }
}

/// <summary>One release of a component: from a source package, or rebuilt from binary packages.</summary>
public sealed record SourceData
{
    public required string Component { get; init; }

    /// <summary>The branch that this release is on.</summary>
    public required string Branch { get; init; }

    /// <summary>Debian's source package; its upstream version becomes the tag.</summary>
    public string? Package { get; init; }

    /// <summary>The suite of that package, where it is another than the laboratory's.</summary>
    public string? Suite { get; init; }

    /// <summary>A patch that it is released with, by the name of its file in the data directory.</summary>
    public string? Patch { get; init; }

    /// <summary>Whether it is no Python distribution, and made only where it is asked for by name.</summary>
    public bool IsNative { get; init; }

    /// <summary>A directory of the one binary package of <see cref="RebuiltFrom"/> that is the tree as it is.</summary>
    public string? Tree { get; init; }

    /// <summary>What tags have before the version.</summary>
    public string TagPrefix { get; init; } = "";

    /// <summary>
    /// Binary packages to rebuild the source from; the first one holds the Python modules, and its version becomes the
    /// tag.
    /// </summary>
    public IReadOnlyList<string> RebuiltFrom { get; init; } = [];

    /// <summary>Files beside the modules of a rebuilt source: place in the tree to place in a package.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>What the first package has among its modules that is another project's.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];
}
