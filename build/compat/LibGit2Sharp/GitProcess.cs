using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace LibGit2Sharp;

/// <summary>One object as <c>git cat-file --batch</c> gives it.</summary>
sealed record RawObject(string Sha, string Type, byte[] Content);

/// <summary>
/// Git as a library: one <c>git cat-file --batch</c> for all objects of a repository, and short runs for the rest. Like the
/// library it reads no user configuration that matters here, replaces no objects and fetches nothing.
/// </summary>
sealed class GitProcess(string directory) : IDisposable
{
    readonly Lock _lock = new();
    Process? _batch;
    HashSet<string>? _shallow;

    public string Directory => directory;

    /// <summary>Commits at which a shallow clone was cut off.</summary>
    public IReadOnlySet<string> Shallow => _shallow ??= File.Exists(Path.Combine(directory, "shallow"))
        ? [.. File.ReadAllLines(Path.Combine(directory, "shallow"))]
        : [];

    /// <summary>The object that a revision names, or null.</summary>
    public RawObject? Read(string revision)
    {
        lock (_lock)
        {
            _batch ??= Start("cat-file", "--batch");
            _batch.StandardInput.Write(revision + "\n");
            _batch.StandardInput.Flush();
            var output = _batch.StandardOutput.BaseStream;
            var header = ReadLine(output).Split(' ');
            // "<what was asked> missing", "… ambiguous", or nothing where a promised object cannot be had.
            if (header.Length != 3 || header[0].Length is not (40 or 64)) return null;
            var content = new byte[int.Parse(header[2], CultureInfo.InvariantCulture)];
            output.ReadExactly(content);
            output.ReadByte();
            return new RawObject(header[0], header[1], content);
        }
    }

    /// <summary>The lines that a run of git prints.</summary>
    public IReadOnlyList<string> Run(params string[] arguments)
    {
        using var process = Start(arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new LibGit2SharpException($"git {string.Join(' ', arguments)} exited with code {process.ExitCode}");
    }

    public void Dispose()
    {
        if (_batch is null) return;
        _batch.StandardInput.Close();
        _batch.WaitForExit();
        _batch.Dispose();
    }

    Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["--git-dir", directory, "-c", "safe.directory=*", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        foreach (var name in start.Environment.Keys.Where(x => x.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["GIT_NO_REPLACE_OBJECTS"] = "1";
        return Process.Start(start)!;
    }

    static string ReadLine(Stream stream)
    {
        var line = new StringBuilder();
        for (int c; (c = stream.ReadByte()) is not (-1 or '\n');) line.Append((char)c);
        return line.ToString();
    }
}
