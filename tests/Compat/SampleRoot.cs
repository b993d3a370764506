using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace OpenStack.Tests.Compat;

/// <summary>A directory in which sample builds run as processes of their own, as they do for a user.</summary>
public sealed class SampleRoot : IDisposable
{
    static readonly string Assembly = typeof(SampleRoot).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(x => x.Key == "Samples").Value!;

    // What the programs need; anything else could be a parameter.
    static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT", "SystemRoot", "USERPROFILE", "TEMP"];

    /// <summary>An empty root.</summary>
    public SampleRoot()
    {
        Path = Directory.CreateTempSubdirectory("sample-").FullName;
        Directory.CreateDirectory(System.IO.Path.Combine(Path, ".nuke"));
    }

    /// <summary>The root directory.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>The content of a file below the root.</summary>
    public string Read(string path) => File.ReadAllText(System.IO.Path.Combine(Path, path));

    /// <summary>Writes a file below the root.</summary>
    public void Write(string path, string content)
    {
        var file = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    /// <summary>Runs a sample to its end.</summary>
    /// <param name="build">Its name in <c>Program.cs</c> of the samples.</param>
    /// <param name="arguments">Separated by single spaces.</param>
    /// <param name="environment">Variables.</param>
    public SampleResult Run(string build, string arguments = "", params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8
        };
        start.ArgumentList.Add(Assembly);
        foreach (var argument in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var name in Inherited.Where(x => Environment.GetEnvironmentVariable(x) is not null))
            start.Environment[name] = Environment.GetEnvironmentVariable(name);
        start.Environment["NUKE_TELEMETRY_OPTOUT"] = "1";
        start.Environment["TERM"] = "dumb";
        start.Environment["SAMPLE_BUILD"] = build;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new SampleResult(process.ExitCode, output + errors.Result);
    }
}
