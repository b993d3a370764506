using System.Diagnostics;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Lab;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Signing;

namespace OpenStack.Tests.Lab;

public sealed class LaboratoryTests
{
    static AbsolutePath Data([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        ((AbsolutePath)file).Parent.Parent.Parent / "build/Lab/data";

    [Fact]
    public async Task A_directory_with_other_files_is_never_deleted()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("lab/thesis.txt", "years of work");
        var problem = await Assert.ThrowsAsync<ProblemException>(new Laboratory(directory.Path / "lab", Data(), _ => { }).CleanAsync);
        Assert.Contains("holds files that are not the laboratory's", problem.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(directory.Path / "lab/thesis.txt"));
    }

    [Fact]
    public void Sockets_of_a_deep_laboratory_lie_in_a_short_directory()
    {
        var deep = new LabLayout("/home/user/with/a/very/long/path/to/the/clone/openstack-images/.nuke/temp/lab");
        Assert.True(deep.EngineSocket.ToString().Length < 60);
        Assert.Equal(deep.EngineSocket, new LabLayout(deep.Directory).EngineSocket);
        Assert.NotEqual(deep.EngineSocket, new LabLayout($"{deep.Directory}2").EngineSocket);
        Assert.Equal("/clone/lab/run/docker.sock", new LabLayout("/clone/lab").EngineSocket.ToString());
    }

    [Fact]
    [Trait("Group", "Lab")]
    public async Task The_laboratory_is_made_found_stopped_and_removed()
    {
        using var directory = new TemporaryDirectory();
        var layout = new LabLayout(directory.Path / "lab");
        var foreign = LabData.Read(Data() / "lab.yaml").Architectures.First(x => x.Platform != PlatformName.Native);
        var lines = new List<string>();
        var lab = new Laboratory(layout.Directory, Data(), x => { lock (lines) lines.Add(x); });
        try
        {
            await lab.UpAsync([]);
            Assert.Contains("overlayfs", (await new Command(layout.DockerWrapper, "info").RequireAsync()).Output, StringComparison.Ordinal);
            await new Cosign(layout.Cosign).RequireAsync();
            Assert.True(File.Exists(layout.Signing / "cosign.key"));
            Assert.NotEmpty(Directory.GetFiles(layout.Wheelhouse(PlatformName.Native), "keystoneauth1-*.whl"));
            lines.Clear();
            var watch = Stopwatch.StartNew();
            await lab.UpAsync([]);
            Assert.InRange(watch.ElapsedMilliseconds, 0, 100);
            Assert.Empty(lines);
            await AddForeignPlatformAsync(lab, layout, foreign);
            lines.Clear();
            await lab.UpAsync([foreign.Platform]);
            await lab.UpAsync([PlatformName.Native]);
            Assert.Empty(lines);
            await lab.DownAsync();
            Assert.Empty(LabProcesses.Of(layout.Tools));
            Assert.Empty(HandlersOf(layout));
            await lab.UpAsync([foreign.Platform]);
        }
        finally
        {
            await lab.CleanAsync();
        }

        Assert.False(Directory.Exists(layout.Directory));
        Assert.False(Directory.Exists(layout.EngineRun));
        Assert.Empty(LabProcesses.Of(layout.Tools));
        Assert.Empty(HandlersOf(layout));
    }

    /// <summary>A foreign platform joins a laboratory that is up: its programs run in builds, and nothing else is made again.</summary>
    static async Task AddForeignPlatformAsync(Laboratory lab, LabLayout layout, ArchitectureData foreign)
    {
        var before = RecordTimes(layout);
        await lab.UpAsync([PlatformName.Native, foreign.Platform]);
        Assert.Equal(before, RecordTimes(layout).Where(x => before.ContainsKey(x.Key)));
        Assert.Equal(foreign.Platform, OciLayout.Open(layout.BaseImage(foreign.Platform)).ReadConfig().Platform);
        Assert.NotEmpty(Directory.GetFiles(layout.Wheelhouse(foreign.Platform), $"cryptography-*-linux_{foreign.Machine}.whl"));
        Assert.Equal(Versions(layout, PlatformName.Native), Versions(layout, foreign.Platform));
        Assert.Equal(foreign.Machine, await MachineInBuildAsync(layout, foreign.Platform));
    }

    static IEnumerable<string> HandlersOf(LabLayout layout) => Binfmt.OfKernel.Handlers.Select(x => x.Name).Where(x => x.Contains(layout.Id, StringComparison.Ordinal));

    static Dictionary<string, DateTime> RecordTimes(LabLayout layout) =>
        Directory.GetFiles(layout.Directory, "*.inputs.json", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).ToDictionary(x => x, File.GetLastWriteTimeUtc);

    static IEnumerable<string> Versions(LabLayout layout, string platform) =>
        Directory.GetFiles(layout.Wheelhouse(platform)).Select(x => string.Join('-', Path.GetFileName(x).Split('-').Take(2))).Order(StringComparer.Ordinal);

    static async Task<string> MachineInBuildAsync(LabLayout layout, string platform)
    {
        using var work = new TemporaryDirectory();
        work.Write("context/Dockerfile", "FROM base AS made\nRUN uname -m >/machine\nFROM scratch\nCOPY --from=made /machine /\n");
        await new Command(layout.DockerWrapper, "buildx", "build", "--network", "host", "--platform", platform, "--build-context", $"base={OciLayout.Open(layout.BaseImage(platform)).Context}",
            "--output", $"type=local,dest={work.Path / "out"}", work.Path / "context").RequireAsync();
        return (await File.ReadAllTextAsync(work.Path / "out" / "machine")).Trim();
    }
}
