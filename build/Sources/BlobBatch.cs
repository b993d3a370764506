using System.Globalization;
using System.Text;

namespace OpenStack.Sources;

/// <summary>Contents of files, all read by one process.</summary>
static class BlobBatch
{
    /// <summary>The contents in the order of the names; null where there is no file of the name.</summary>
    /// <param name="names">Object ids or <c>commit:path</c>, none with a line break.</param>
    public static async Task<IReadOnlyList<byte[]?>> ReadAsync(
        Git git, IReadOnlyList<string> names, CancellationToken cancellation) =>
        [.. (await ReadObjectsAsync(git, names, cancellation))
            .Select(x => x is ("blob", var content) ? content : null)];

    /// <summary>Objects of any type; null where there is none of the name, or none that git can read.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<IReadOnlyList<(string Type, byte[] Content)?>> ReadObjectsAsync(
        Git git, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        if (names.Count == 0) return [];
        using var output = new MemoryStream();
        await (git.Command("cat-file", "--batch") with
        {
            Input = string.Concat(names.Select(x => $"{x}\n")),
            OutputReader = (stream, token) => stream.CopyToAsync(output, token),
        }).RequireAsync(cancellation);
        return Parse(output.ToArray(), names.Count);
    }

    /// <summary>For each request "id type size", a line feed, the bytes and a line feed; or "… missing".</summary>
    static (string, byte[])?[] Parse(ReadOnlySpan<byte> rest, int count)
    {
        var objects = new (string, byte[])?[count];
        for (var i = 0; i < count; i++)
        {
            var end = rest.IndexOf((byte)'\n');
            var header = Encoding.UTF8.GetString(rest[..end]).Split(' ');
            rest = rest[(end + 1)..];
            if (header is not [_, var type, var size]
                || !int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var length)) continue;
            objects[i] = (type, rest[..length].ToArray());
            rest = rest[(length + 1)..];
        }

        return objects;
    }
}
