using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Lab;
using OpenStack.Oci;
using OpenStack.Processes;

namespace OpenStack.Tests.EndToEnd;

/// <summary>What came of a run of the build.</summary>
sealed record BuildRun(int ExitCode, string Output)
{
    /// <summary>Fails with the whole output unless the run failed, and said this.</summary>
    public void ShouldFail(params IReadOnlyList<string> saying)
    {
        Assert.True(ExitCode != 0, $"exit code 0:\n{Output}");
        // Stack traces are for bugs.
        Assert.DoesNotContain("   at OpenStack.", Output, StringComparison.Ordinal);
        foreach (var text in saying)
            Assert.True(Output.Contains(text, StringComparison.Ordinal), $"it does not say '{text}':\n{Output}");
    }

    public BuildRun ShouldSucceed()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}:\n{Output}");
        return this;
    }
}

/// <summary>
/// The data of this repository (not its code) in a directory of its own, and the compiled build that runs in it as a
/// process.
/// </summary>
sealed class RepositoryCopy : IDisposable
{
    static readonly string[] s_copied = [".nuke", "build/Catalog/templates", "build/Images/probe.py",
        "build/UpstreamTests/run_member.py", "build/UpstreamTests/run_tests.py", "images", "overrides", "packages",
        "patches", "releases"];

    // What the programs need; anything else could be a parameter.
    static readonly string[] s_inherited = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT", "SystemRoot", "USERPROFILE",
        "TEMP", "LD_LIBRARY_PATH"];

    public RepositoryCopy()
    {
        Root = Directory.CreateTempSubdirectory("repository-").FullName;
        // Not what is recorded of upstream's tags: here others play upstream.
        foreach (var file in Git(RepositoryRoot.Path,
            ["ls-files", "--cached", "--others", "--exclude-standard", "--", .. s_copied, ":!*.lock.yaml"]).Lines)
        {
            Directory.CreateDirectory((Root / file).Parent!);
            if (File.Exists(RepositoryRoot.Path / file)) File.Copy(RepositoryRoot.Path / file, Root / file);
        }
    }

    RepositoryCopy(AbsolutePath root) => Root = root;

    public AbsolutePath Root { get; }

    /// <summary>How many images the catalog has: services × releases.</summary>
    public int Images => CatalogLoader.Load(Root).Select(["all"], ["all"]).Count;

    public AbsolutePath Service => Root / "artifacts" / "2025.1" / "keystone";

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>
    /// A clone of this repository, code and history included, which uses its laboratory: what is committed counts.
    /// </summary>
    public static RepositoryCopy Clone()
    {
        AbsolutePath root = Directory.CreateTempSubdirectory("clone-").FullName;
        Git(root, "clone", "--quiet", "--depth=1", new Uri(RepositoryRoot.Path).AbsoluteUri, ".");
        return new RepositoryCopy(root).WithLab();
    }

    /// <summary>Removes all that was built.</summary>
    public void Forget()
    {
        if (Directory.Exists(Root / "artifacts")) Directory.Delete(Root / "artifacts", recursive: true);
    }

    /// <summary>Removes all that was fetched of repositories, from whatever place.</summary>
    public void ForgetMirrors()
    {
        foreach (var mirrors in Directory.GetDirectories(Root / ".nuke" / "temp", "mirrors*"))
            Directory.Delete(mirrors, recursive: true);
    }

    /// <summary>Makes it a git repository, of one commit with all that is there.</summary>
    public void Commit()
    {
        Write(".gitignore", "/artifacts\n/.nuke/temp\n/.nuke/ref-locks\n");
        Git(Root, "init", "--quiet", "--initial-branch", "main");
        Git(Root, "add", "--all");
        Git(Root, "commit", "--quiet", "-m", "As it is");
    }

    /// <summary>Writes a file below the root.</summary>
    public void Write(string path, string content)
    {
        Directory.CreateDirectory((Root / path).Parent!);
        File.WriteAllText(Root / path, content);
    }

    /// <summary>Replaces text in a file that has it.</summary>
    public void Edit(string path, string old, string replacement)
    {
        var text = File.ReadAllText(Root / path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(Root / path, text.Replace(old, replacement, StringComparison.Ordinal));
    }

    /// <summary>
    /// Lets the profile <c>lab</c> of the copy use the laboratory of the repository, which must be up.
    /// </summary>
    public RepositoryCopy WithLab()
    {
        UseLab(Root / ".nuke" / "parameters.lab.json");
        return this;
    }

    /// <summary>
    /// Lets a profile use the laboratory of the repository, which must be up, and not one of its own. What it records
    /// of refs is its own.
    /// </summary>
    public static void UseLab(AbsolutePath profile)
    {
        AbsolutePath lab = RepositoryRoot.Path / ".nuke" / "temp" / "lab";
        var wrapper = new LabLayout(lab).DockerWrapper;
        var alive = File.Exists(wrapper)
            && new Command(wrapper, "version").RunAsync().GetAwaiter().GetResult().Succeeded;
        Assert.True(alive, "The laboratory is not up: run with --profile lab, as in ./build.sh LabUp --profile lab");
        var parameters = JsonNode.Parse(File.ReadAllText(profile)
            .Replace("\".nuke/temp/lab/", $"\"{lab}/", StringComparison.Ordinal))!;
        parameters["Lab"] = false;
        parameters["RefLocks"] = $"{profile.Parent! / "ref-locks"}";
        File.WriteAllText(profile, parameters.ToJsonString());
    }

    /// <summary>What Python prints in the image of a service of 2025.1, run by the laboratory's engine.</summary>
    public async Task<string> AskAsync(string service, string question)
    {
        var lab = new LabLayout(RepositoryRoot.Path / ".nuke" / "temp" / "lab");
        var engine = new OpenStack.Images.Engine(lab.DockerWrapper);
        var name = $"openstack-images/asked-{Guid.NewGuid():N}:{service}";
        await engine.LoadAsync(OciLayout.Open(Root / "artifacts" / "2025.1" / service / "image"), [name]);
        try
        {
            var answer = await engine.RunPythonAsync(name, PlatformName.Native, question,
                new Dictionary<string, string>());
            Assert.True(answer.Succeeded, answer.Error);
            return answer.Text;
        }
        finally
        {
            await engine.RemoveAsync(name);
        }
    }

    /// <summary>Runs the build to its end.</summary>
    public Task<BuildRun> RunAsync(string arguments, params IReadOnlyList<(string Name, string Value)> environment) =>
        RunAsync(Split(arguments), environment);

    public Task<BuildRun> RunAsync(IReadOnlyList<string> arguments,
        IReadOnlyList<(string Name, string Value)> environment) =>
        RunAsync(Build(arguments, environment));

    /// <summary>Runs the build to its end, with a mask for the modes of the files that it makes.</summary>
    public Task<BuildRun> RunMaskedAsync(string umask, string arguments,
        params IReadOnlyList<(string Name, string Value)> environment)
    {
        var build = Build(Split(arguments), environment);
        return RunAsync(build with
        {
            Program = "sh",
            Arguments = ["-c", "umask \"$0\"; exec \"$@\"", umask, build.Program, .. build.Arguments],
        });
    }

    /// <summary>Runs the build to its end on a machine without a network.</summary>
    public Task<BuildRun> RunAsync(string arguments, OfflineEngine machine,
        params IReadOnlyList<(string Name, string Value)> environment) =>
        RunAsync(machine.Wrap(Build([.. Split(arguments), "--docker", machine.Docker], environment)));

    /// <summary>What the build answers to a program: standard output alone.</summary>
    public async Task<string> AnswerAsync(string arguments) =>
        (await Build(Split(arguments), []).RequireAsync()).Output;

    /// <summary>A run of the build, for those who do more with it than wait.</summary>
    public Command Prepare(string arguments, params IReadOnlyList<(string Name, string Value)> environment) =>
        Build(Split(arguments), environment);

    static async Task<BuildRun> RunAsync(Command build)
    {
        var result = await build.RunAsync();
        return new BuildRun(result.ExitCode,
            result.Output.Replace("\u200b", "", StringComparison.Ordinal) + result.Error);
    }

    /// <summary>Runs the build and kills it, with everything that it started, after a while.</summary>
    public async Task KillAsync(string arguments, TimeSpan after)
    {
        var build = Build(Split(arguments), []);
        // A session of its own, and so a process group, whose number it writes down.
        var pid = Root / "pid";
        File.Delete(pid);
        var run = (build with
        {
            Program = "setsid",
            Arguments = ["sh", "-c", "echo $$ >\"$0\"; exec \"$@\"", pid, build.Program, .. build.Arguments],
        }).RunAsync();
        // The moment counts from the start of the build: a busy machine takes its time until then.
        while (!File.Exists(pid) || !(await File.ReadAllTextAsync(pid)).EndsWith('\n')) await Task.Delay(5);
        await Task.WhenAny(run, Task.Delay(after));
        await new Command("kill", "-9", "--", "-" + (await File.ReadAllTextAsync(pid)).Trim()).RunAsync();
        await run;
    }

    /// <summary>git, told who commits.</summary>
    public static CommandResult Git(AbsolutePath directory, params IReadOnlyList<string> arguments) =>
        new Command("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c",
            "init.defaultBranch=master", .. arguments])
        {
            WorkingDirectory = directory,
        }
            .RequireAsync().GetAwaiter().GetResult();

    Command Build(IReadOnlyList<string> arguments, IReadOnlyList<(string Name, string Value)> environment)
    {
        var variables = Environment.GetEnvironmentVariables().Keys
            .Cast<string>()
            .Except(s_inherited)
            .ToDictionary(x => x, x => (string?)null);
        foreach (var (name, value) in environment) variables[name] = value;
        variables["TERM"] = "dumb";
        // A process that is killed would leave its pipes for debuggers behind.
        variables["DOTNET_EnableDiagnostics"] = "0";
        return new Command(Environment.GetEnvironmentVariable("DOTNET_EXE") ?? "dotnet",
            [RepositoryRoot.Build, .. arguments])
        {
            WorkingDirectory = Root,
            Environment = variables,
        };
    }

    static string[] Split(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
