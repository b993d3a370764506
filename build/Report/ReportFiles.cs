using System.Collections.Concurrent;
using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Report;

/// <summary>Files that a report is read from.</summary>
/// <param name="root">The repository.</param>
sealed class ReportFiles(AbsolutePath root)
{
    readonly ConcurrentDictionary<string, bool> _named = [];

    public AbsolutePath Root => root;

    /// <summary>All that was named, files and directories, whether they are there or not.</summary>
    public IEnumerable<string> Named => _named.Keys;

    /// <summary>A file as pages and messages name it: relative to the repository, with slashes.</summary>
    public string Shown(AbsolutePath file)
    {
        var name = Path.GetRelativePath(root, file).Replace('\\', '/');
        _named[name] = true;
        return name;
    }

    /// <summary>What a file says; not known where it is not there.</summary>
    /// <param name="target">The target that makes it.</param>
    /// <param name="read">The document is gone afterwards.</param>
    /// <exception cref="ProblemException">It is not what that target writes.</exception>
    public Fact<T> Read<T>(AbsolutePath file, string target, Func<JsonElement, T> read)
        where T : class
    {
        if (!File.Exists(file)) return Fact.NotKnown<T>(target);
        try
        {
            using var json = JsonDocument.Parse(Utf8File.Read(file, Shown(file)));
            return Fact.Of(read(json.RootElement), Shown(file));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException)
        {
            throw Broken(file, target, e);
        }
    }

    /// <summary>The problem of a file that is not what a target writes.</summary>
    public ProblemException Broken(AbsolutePath file, string target, Exception e) =>
        new(new Problem($"cannot be read: {e.Message.TrimEnd('.')}", Shown(file),
            Expected: $"what the target {target} writes", Remedy: $"Delete it, and run {target} again"), e);
}
