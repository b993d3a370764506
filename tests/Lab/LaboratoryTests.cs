using System.Diagnostics;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Lab;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Signing;

namespace OpenStack.Tests.Lab;

public sealed class LaboratoryTests
{
    static readonly LabDemand s_keystone = new([]) { Services = ["keystone"], Libraries = [] };

    static AbsolutePath Data([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        ((AbsolutePath)file).Parent.Parent.Parent / "build/Lab/data";

    [Fact]
    public async Task A_directory_with_other_files_is_never_deleted()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("lab/thesis.txt", "years of work");
        var problem = await Assert.ThrowsAsync<ProblemException>(new Laboratory(directory.Path / "lab", Data(),
            new Watch()).CleanAsync);
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
        var lab = new Laboratory(layout.Directory, Data(), new Watch(lines.Add));
        try
        {
            await lab.UpAsync(s_keystone);
            Assert.Contains("overlayfs", (await new Command(layout.DockerWrapper, "info").RequireAsync()).Output,
                StringComparison.Ordinal);
            await new Cosign(layout.Cosign).RequireAsync();
            Assert.True(File.Exists(layout.Signing / "cosign.key"));
            Assert.NotEmpty(Directory.GetFiles(layout.Wheelhouse(PlatformName.Native, "keystone"),
                "keystoneauth1-*.whl"));
            lines.Clear();
            var watch = Stopwatch.StartNew();
            await lab.UpAsync(s_keystone);
            Assert.InRange(watch.ElapsedMilliseconds, 0, 100);
            Assert.Empty(lines);
            await AddServicesAsync(lab, layout);
            await AddForeignPlatformAsync(lab, layout, foreign);
            lines.Clear();
            await lab.UpAsync(s_keystone with { Platforms = [foreign.Platform] });
            await lab.UpAsync(s_keystone with { Platforms = [PlatformName.Native] });
            Assert.Empty(lines);
            await lab.DownAsync();
            Assert.Empty(LabProcesses.Of(layout.Tools));
            Assert.Empty(HandlersOf(layout));
            await lab.UpAsync(s_keystone with { Platforms = [foreign.Platform] });
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

    /// <summary>
    /// Two more services join a laboratory that is up, asked for at once: nothing is made again, and what they share is
    /// there once.
    /// </summary>
    static async Task AddServicesAsync(Laboratory lab, LabLayout layout)
    {
        var before = RecordTimes(layout);
        await Task.WhenAll(lab.UpAsync(s_keystone with { Services = ["placement"] }),
            lab.UpAsync(s_keystone with { Services = ["barbican"] }));
        Assert.Equal(before, RecordTimes(layout).Where(x => before.ContainsKey(x.Key)));
        foreach (var service in new[] { "keystone", "placement", "barbican" })
        {
            var wheels = Directory.GetFiles(layout.Wheelhouse(PlatformName.Native, service), "*.whl")
                .Select(x => Path.GetFileName(x).Split('-')[0].Replace('_', '-')).Order(StringComparer.Ordinal);
            Assert.Equal(wheels, UpperConstraints.Read(layout.ConstraintsOf(service), service).Pins
                .Select(x => x.Name)
                .Order(StringComparer.Ordinal));
            Assert.True(Directory.Exists(layout.Repository(service)));
        }

        Assert.False(Directory.Exists(layout.Repository("nova")));
        Assert.False(Directory.Exists(layout.Wheelhouse(PlatformName.Native, "nova")));
    }

    /// <summary>
    /// A foreign platform joins a laboratory that is up: its programs run in builds, and nothing else is made again.
    /// </summary>
    static async Task AddForeignPlatformAsync(Laboratory lab, LabLayout layout, ArchitectureData foreign)
    {
        var before = RecordTimes(layout);
        await lab.UpAsync(s_keystone with { Platforms = [PlatformName.Native, foreign.Platform] });
        Assert.Equal(before, RecordTimes(layout).Where(x => before.ContainsKey(x.Key)));
        Assert.Equal(foreign.Platform, OciLayout.Open(layout.BaseImage(foreign.Platform)).ReadConfig().Platform);
        Assert.NotEmpty(Directory.GetFiles(layout.Wheelhouse(foreign.Platform, "keystone"),
            $"cryptography-*-linux_{foreign.Machine}.whl"));
        Assert.Equal(Versions(layout, PlatformName.Native), Versions(layout, foreign.Platform));
        Assert.Equal(foreign.Machine, await MachineInBuildAsync(layout, foreign.Platform));
    }

    static IEnumerable<string> HandlersOf(LabLayout layout) =>
        Binfmt.OfKernel.Handlers.Select(x => x.Name).Where(x => x.Contains(layout.Id, StringComparison.Ordinal));

    static Dictionary<string, DateTime> RecordTimes(LabLayout layout) =>
        Directory
            .GetFiles(layout.Directory, "*.inputs.json",
            new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 })
            .ToDictionary(x => x, File.GetLastWriteTimeUtc);

    static IEnumerable<string> Versions(LabLayout layout, string platform) =>
        Directory.GetFiles(layout.Wheelhouse(platform, "keystone"))
            .Select(x => string.Join('-', Path.GetFileName(x).Split('-').Take(2))).Order(StringComparer.Ordinal);

    static async Task<string> MachineInBuildAsync(LabLayout layout, string platform)
    {
        using var work = new TemporaryDirectory();
        work.Write("context/Dockerfile",
            "FROM base AS made\nRUN uname -m >/machine\nFROM scratch\nCOPY --from=made /machine /\n");
        await new Command(layout.DockerWrapper, "buildx", "build", "--network", "host", "--platform", platform,
            "--build-context", $"base={OciLayout.Open(layout.BaseImage(platform)).Context}",
            "--output", $"type=local,dest={work.Path / "out"}", work.Path / "context").RequireAsync();
        return (await File.ReadAllTextAsync(work.Path / "out" / "machine")).Trim();
    }
}
