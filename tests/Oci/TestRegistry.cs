using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Nuke.Common.IO;
using OpenStack.Lab;
using OpenStack.Oci;

namespace OpenStack.Tests.Oci;

/// <summary>A registry of a test's own: the program of the laboratory, on a port and with storage of its own.</summary>
public sealed class TestRegistry : IDisposable
{
    readonly Process _process;
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("registry-").FullName;

    /// <param name="auth">The section <c>auth</c> of the configuration.</param>
    public TestRegistry(string auth = "")
    {
        AbsolutePath program = new LabLayout(RepositoryRoot.Path / ".nuke" / "temp" / "lab").Tools / "usr/bin/docker-registry";
        Assert.True(File.Exists(program), "The laboratory is not there: run with --profile lab, as in ./build.sh LabUp --profile lab");
        Address = FreeAddress();
        File.WriteAllText(_directory / "config.yml", $"""
            version: 0.1
            log: {"{"} level: error, accesslog: {"{"} disabled: true {"}"} {"}"}
            storage: {"{"} filesystem: {"{"} rootdirectory: "{_directory}/data" {"}"}, delete: {"{"} enabled: true {"}"} {"}"}
            http: {"{"} addr: "{Address}" {"}"}
            {auth}
            """ + "\n");
        _process = Process.Start(new ProcessStartInfo(program, ["serve", _directory / "config.yml"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        for (var end = DateTime.UtcNow.AddSeconds(15); !Answers(); Thread.Sleep(10)) Assert.True(DateTime.UtcNow < end && !_process.HasExited, "the registry does not start");
    }

    public IPEndPoint Address { get; }

    public AbsolutePath Data => _directory / "data" / "docker" / "registry" / "v2";

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>A client that needs no credentials and does not wait long.</summary>
    public RegistryClient Open() => Open(Address.ToString());

    internal static RegistryClient Open(string address, DockerCredentials? credentials = null, TimeSpan? budget = null, bool toPush = false) => new(address, credentials ?? new DockerCredentials("/nonexistent/config.json"),
        new RegistryRetry(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(40), budget ?? TimeSpan.FromSeconds(60)), toPush);

    internal static IPEndPoint FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }

    bool Answers()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(Address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
