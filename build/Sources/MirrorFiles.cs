using System.Globalization;
using System.Text;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>Text files of a commit, read from a mirror without a checkout.</summary>
public static class MirrorFiles
{
    /// <summary>The files that the commit has, by path; what the mirror lacks of them comes in one request, and is read by one process.</summary>
    /// <param name="paths">None with a line break.</param>
    /// <exception cref="ProblemException">The remote does not hand them out.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(Mirror mirror, string commit, IReadOnlyList<string> paths, CancellationToken cancellation = default)
    {
        if (!await MirrorContents.EnsureAsync(mirror, [$"{commit}^{{tree}}"], paths, cancellation))
            throw new ProblemException($"{mirror.Component}: the files of {commit} cannot be had", "Check the network and run the same command again");
        using var output = new MemoryStream();
        await (mirror.Offline.Command("cat-file", "--batch") with
        {
            Input = string.Concat(paths.Select(x => $"{commit}:{x}\n")),
            OutputReader = (stream, token) => stream.CopyToAsync(output, token),
        }).RequireAsync(cancellation);
        return Parse(output.ToArray(), paths);
    }

    /// <summary>For each request "id type size", a line feed, the bytes and a line feed; or "… missing".</summary>
    static Dictionary<string, string> Parse(ReadOnlySpan<byte> rest, IReadOnlyList<string> paths)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var end = rest.IndexOf((byte)'\n');
            var header = Encoding.UTF8.GetString(rest[..end]).Split(' ');
            rest = rest[(end + 1)..];
            if (header is not [_, var type, var size] || !int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var length)) continue;
            if (type == "blob") files[path] = Encoding.UTF8.GetString(rest[..length]);
            rest = rest[(length + 1)..];
        }

        return files;
    }
}
