using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Processes;

namespace OpenStack.Tests.Completion;

/// <summary>What shells complete the command line by (<c>build/Completion</c>), of this repository.</summary>
public sealed class CompletionTests : IDisposable
{
    static readonly AbsolutePath s_scripts = RepositoryRoot.Path / "build" / "Completion";

    readonly AbsolutePath _root = Directory.CreateTempSubdirectory("completion-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("", "BuildService", "--release")]
    [InlineData("build", "BuildWheels", "Build")]
    [InlineData("BuildService --rel", "--release", "--keep-going")]
    [InlineData("BuildService --", "--service", "BuildService")]
    [InlineData("BuildService --service ", "keystone", "oslo.messaging")]
    [InlineData("BuildService --service ", "all", "2025.1")]
    [InlineData("BuildService --service keystone @", "@core", "core")]
    [InlineData("BuildService --SERVICE=x --service ", "python-base", "--service")]
    [InlineData("--release 2025.1 ", "2025.2", "keystone")]
    [InlineData("--ref ", "nova=", "nova")]
    [InlineData("Graph --format ", "mermaid", "Mermaid")]
    [InlineData("Graph --format dot ", "--service", "mermaid")]
    [InlineData("BuildService --keep-going ", "--release", "true")]
    [InlineData("--skip ", "Checkout", "--skip")]
    [InlineData("--profile ", "lab", "parameters")]
    [InlineData("--signing-key ", "@file", "all")]
    [InlineData("--verbosity ", "Minimal", "minimal")]
    public async Task WhatComesNextIsOffered(string words, string offered, string notOffered)
    {
        var candidates = await CandidatesAsync(RepositoryRoot.Path, words);
        Assert.Contains(offered, candidates);
        Assert.DoesNotContain(notOffered, candidates);
    }

    [Fact]
    public async Task ServicesAndReleasesAreThoseOfTheCatalog()
    {
        var catalog = CatalogLoader.Load(RepositoryRoot.Path);
        var services = await CandidatesAsync(RepositoryRoot.Path, "--service ");
        Assert.Equal(catalog.Services.Concat(["all", "python-base"]).Concat(catalog.Groups.Keys.Select(x => $"@{x}"))
            .Order(StringComparer.Ordinal), services.Order(StringComparer.Ordinal));
        Assert.Equal(catalog.Releases.Keys.Prepend("all").Order(StringComparer.Ordinal),
            (await CandidatesAsync(RepositoryRoot.Path, "--release ")).Order(StringComparer.Ordinal));
    }

    /// <summary>Nothing is remembered: what is there now is offered, whatever was a moment ago.</summary>
    [Fact]
    public async Task ANewServiceIsOfferedAtOnce()
    {
        void Write(string file, string text)
        {
            Directory.CreateDirectory((_root / file).Parent!);
            File.WriteAllText(_root / file, text);
        }

        Write(".nuke/completion.txt", File.ReadAllText(RepositoryRoot.Path / ".nuke" / "completion.txt"));
        Write("releases/2025.1/source-refs.yaml", "# refs\nnova: \"1\"\n");
        Write("images/nova/Dockerfile", "");
        Assert.Equal(["all", "python-base", "nova"], await CandidatesAsync(_root, "--service "));
        Write("images/masakari/Dockerfile", "");
        Assert.Equal(["nova"], await CandidatesAsync(_root, "--service n"));
        Assert.Empty(await CandidatesAsync(_root, "--service m"));
        Write("releases/2025.1/source-refs.yaml", "nova: \"1\"\nmasakari: \"2\"\n");
        Assert.Equal(["masakari"], await CandidatesAsync(_root, "--service m"));
    }

    /// <summary>A repository without anything, and words that mean something to a shell, are no trouble.</summary>
    [Theory]
    [InlineData("--service ")]
    [InlineData("--service $(touch x) ")]
    [InlineData("* ")]
    [InlineData("--unheard-of ")]
    public async Task WhatIsNotThereIsNotOffered(string words)
    {
        Directory.CreateDirectory(_root / ".nuke");
        File.WriteAllText(_root / ".nuke" / "completion.txt", "option\t--service\tlist\t@service\tx\n");
        Assert.DoesNotContain(await CandidatesAsync(_root, words), x => x is not ("all" or "python-base"));
        Assert.Equal([".nuke"], Directory.GetFileSystemEntries(_root).Select(Path.GetFileName));
    }

    /// <summary>As bash calls it. It replaces what stands behind the last = or : alone.</summary>
    [Theory]
    [InlineData("./build.sh BuildSe", "BuildService")]
    [InlineData("./build.sh BuildService --service @co", "@core @compute")]
    [InlineData("./build.sh BuildService --ref nov", "nova=")]
    [InlineData("./build.sh BuildService --release 2025.", "2025.1 2025.2")]
    [InlineData("/somewhere/else/build.sh Bui", "")]
    public async Task BashCompletes(string line, string expected)
    {
        var result = await new Command("bash", "-c",
            "compopt() { :; }; source <(./build.sh --completion bash); COMP_LINE=$1 COMP_POINT=${#1}; "
            + "_openstack_images; echo \"${COMPREPLY[*]}\"; complete -p build.sh >&2", "bash", line)
        {
            WorkingDirectory = RepositoryRoot.Path,
        }.RunAsync();
        Assert.Equal(expected, result.Output.Trim());
        Assert.Equal("complete -o default -F _openstack_images build.sh", result.Error.Trim());
    }

    /// <summary>By fish itself, where the machine has it.</summary>
    [ShellTheory("fish")]
    [InlineData("./build.sh BuildSe", "BuildService")]
    [InlineData("./build.sh BuildService --service @co", "@core,@compute")]
    [InlineData("./build.sh BuildService --release 2025.", "2025.1,2025.2")]
    public async Task FishCompletes(string line, string expected)
    {
        var result = await new Command("fish", "--no-config", "-c",
            $"./build.sh --completion fish | source; complete -C '{line}'")
        { WorkingDirectory = RepositoryRoot.Path }
            .RunAsync();
        Assert.Superset(expected.Split(',').ToHashSet(),
            result.Output.Split('\n').Select(x => x.Split('\t')[0]).ToHashSet());
    }

    /// <summary>zsh reads it without a complaint, where the machine has it.</summary>
    [ShellFact("zsh")]
    public async Task ZshReadsIt()
    {
        var result = await new Command("zsh", "-f", "-c", "autoload -U compinit; compinit -u -D; "
            + "source <(./build.sh --completion zsh); print $_comps[build.sh]")
        {
            WorkingDirectory = RepositoryRoot.Path,
        }.RunAsync();
        Assert.Equal("_openstack_images", result.Output.Trim());
        Assert.Equal("", result.Error.Trim());
    }

    /// <summary>The build script prints what the build itself would, and starts nothing for it.</summary>
    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("powershell")]
    public async Task EveryShellHasOne(string shell)
    {
        var script = await new Command(RepositoryRoot.Path / "build.sh", "--completion", shell)
        {
            WorkingDirectory = RepositoryRoot.Path,
            Environment = new Dictionary<string, string?> { ["DOTNET_EXE"] = "/nowhere" },
        }.RequireAsync();
        var build = await new Command("dotnet", RepositoryRoot.Build, "--completion", shell, "--root",
            RepositoryRoot.Path).RequireAsync();
        Assert.Equal(File.ReadAllText(s_scripts / $"build.{shell}").TrimEnd(), script.Output.TrimEnd());
        Assert.Equal(script.Output, build.Output);
    }


    static async Task<IReadOnlyList<string>> CandidatesAsync(AbsolutePath root, string words)
    {
        var result = await new Command("bash", [s_scripts / "complete", root, .. words.Split(' ')])
        {
            WorkingDirectory = root,
        }.RunAsync();
        Assert.Equal("", result.Error);
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(x => x.Split('\t')[0])];
    }
}
