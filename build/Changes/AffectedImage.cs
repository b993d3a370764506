
namespace OpenStack.Changes;

/// <summary>An image that a change of the repository concerns.</summary>
/// <param name="Service">Name of the service.</param>
/// <param name="Release">The OpenStack release.</param>
/// <param name="Because">The parts that differ.</param>
public sealed record AffectedImage(string Service, string Release, IReadOnlyList<string> Because)
{
    /// <summary>The images of the current state that differ from an earlier one, in its order.</summary>
    /// <param name="code">
    /// Whether the program that builds images differs: what it makes of the same inputs may, too.
    /// </param>
    public static IReadOnlyList<AffectedImage> Of(IReadOnlyList<ImageFootprint> now,
        IReadOnlyList<ImageFootprint> earlier, bool code)
    {
        var before = earlier.ToDictionary(x => (x.Service, x.Release));
        return
        [
            .. now
                .Select(x => new AffectedImage(x.Service, x.Release,
                [
                    .. code ? ["the build"] : Array.Empty<string>(),
                    .. before.TryGetValue((x.Service, x.Release), out var old) ? x.ChangesSince(old) : ["new"],
                ]))
                .Where(x => x.Because.Count > 0),
        ];
    }
}
