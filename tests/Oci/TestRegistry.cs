using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Lab;
using OpenStack.Oci;

namespace OpenStack.Tests.Oci;

/// <summary>A registry of a test's own: the program of the laboratory, on a port and with storage of its own.</summary>
public sealed partial class TestRegistry : IDisposable
{
    readonly Process _process;
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("registry-").FullName;

    /// <param name="auth">The section <c>auth</c> of the configuration.</param>
    public TestRegistry(string auth = "")
    {
        AbsolutePath program = new LabLayout(RepositoryRoot.Path / ".nuke" / "temp" / "lab").Tools
            / "usr/bin/docker-registry";
        Assert.True(File.Exists(program),
            "The laboratory is not there: run with --profile lab, as in ./build.sh LabUp --profile lab");
        File.WriteAllText(_directory / "config.yml", $"""
            version: 0.1
            log: {"{"} level: info, accesslog: {"{"} disabled: true {"}"} {"}"}
            storage: {"{"} filesystem: {"{"} rootdirectory: "{_directory}/data" {"}"}, delete: {"{"} enabled: true {"}"} {"}"}
            http: {"{"} addr: "127.0.0.1:0" {"}"}
            {auth}
            """ + "\n");
        _process = Process.Start(new ProcessStartInfo(program, ["serve", _directory / "config.yml"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        // It says which port the system gave it: one that was looked for before may be somebody else's by then.
        var address = new TaskCompletionSource<IPEndPoint>();
        void Read(string? line)
        {
            if (line is null) address.TrySetException(new InvalidOperationException("the registry does not start"));
            else if (ListensOn().Match(line) is { Success: true } x)
                address.TrySetResult(IPEndPoint.Parse(x.Groups["address"].Value));
        }

        _process.ErrorDataReceived += (_, x) => Read(x.Data);
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        Address = address.Task.WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();
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

    internal static RegistryClient Open(string address, DockerCredentials? credentials = null, TimeSpan? budget = null,
        bool toPush = false) =>
        new(address, credentials ?? new DockerCredentials("/nonexistent/config.json"),
            new RegistryRetry(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(40),
                budget ?? TimeSpan.FromSeconds(60)), toPush);

    internal static IPEndPoint FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }

    [GeneratedRegex("listening on (?<address>127\\.0\\.0\\.1:\\d+)")]
    private static partial Regex ListensOn();
}
