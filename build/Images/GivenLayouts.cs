using OpenStack.Oci;

namespace OpenStack.Images;

/// <summary>
/// The layouts that a graph starts from, loaded into the engine's image store, which BuildKit looks into before it
/// reads a layout; until the graph has ended.
/// </summary>
sealed class GivenLayouts(Engine engine, IEnumerable<BakeTarget> targets) : IAsyncDisposable
{
    readonly List<string> _names = [];

    public async Task GiveAsync(CancellationToken cancellation)
    {
        foreach (var context in targets.SelectMany(x => x.Contexts.Values).Distinct().Where(OciLayout.IsContext))
        {
            var layout = OciLayout.OfContext(context);
            var name = $"openstack-images/given:{layout.Digest["sha256:".Length..][..12]}";
            _names.Add(name);
            await engine.LoadAsync(layout, [name], cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _names) await engine.RemoveAsync(name);
    }
}
