using System.Diagnostics;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Lab;
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
        var lines = new List<string>();
        var lab = new Laboratory(layout.Directory, Data(), x => { lock (lines) lines.Add(x); });
        try
        {
            await lab.UpAsync();
            Assert.Contains("overlayfs", (await new Command(layout.DockerWrapper, "info").RequireAsync()).Output, StringComparison.Ordinal);
            await new Cosign(layout.Cosign).RequireAsync();
            Assert.True(File.Exists(layout.Signing / "cosign.key"));
            Assert.NotEmpty(Directory.GetFiles(layout.Wheelhouse, "keystoneauth1-*.whl"));
            lines.Clear();
            var watch = Stopwatch.StartNew();
            await lab.UpAsync();
            Assert.InRange(watch.ElapsedMilliseconds, 0, 100);
            Assert.Empty(lines);
            await lab.DownAsync();
            Assert.Empty(LabProcesses.Of(layout.Tools));
            await lab.UpAsync();
        }
        finally
        {
            await lab.CleanAsync();
        }

        Assert.False(Directory.Exists(layout.Directory));
        Assert.False(Directory.Exists(layout.EngineRun));
        Assert.Empty(LabProcesses.Of(layout.Tools));
    }
}
