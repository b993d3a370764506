using System.Text;

namespace OpenStack.Sources;

/// <summary>What git knows the same change by, wherever its lines are: <c>git patch-id</c>.</summary>
static class PatchIds
{
    /// <summary>That of one patch; null where git sees no change in it.</summary>
    public static async Task<string?> OfAsync(PatchText patch, CancellationToken cancellation = default) =>
        (await ReadAsync(Encoding.Latin1.GetBytes(patch.Text), cancellation)).Select(x => x.Id).FirstOrDefault();

    /// <summary>Those of several, each with the commit that is named before it; zeros where none is.</summary>
    public static async Task<IReadOnlyList<(string Id, string Commit)>> ReadAsync(byte[] patches,
        CancellationToken cancellation = default)
    {
        var command = new Git().Command("patch-id", "--stable") with
        {
            InputWriter = (stream, token) => stream.WriteAsync(patches, token).AsTask(),
        };
        return [.. (await command.RunAsync(cancellation)).Lines.Select(x => x.Split(' ')).Where(x => x.Length == 2)
            .Select(x => (x[0], x[1]))];
    }
}
