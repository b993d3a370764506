using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Images;
using OpenStack.Storage;

namespace OpenStack.UpstreamTests;

/// <summary>
/// The images of servers that services need and none of them is: databases, queues, caches, as the distribution has
/// them. None of it is published.
/// </summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="bases">The base images, built before.</param>
/// <param name="directory">Where they are kept.</param>
public sealed class SetBackends(ImageSettings settings, BaseImages bases, AbsolutePath directory)
{
    const string AptPackages = "APT_PACKAGES";

    /// <summary>What the engine knows one by.</summary>
    public static string NameOf(SetMember backend) => $"openstack-images/set-backend-{backend.Name}:latest";

    public AbsolutePath LayoutOf(SetMember backend) => directory / backend.Name / "image";

    /// <summary>Builds what is not up to date.</summary>
    public async Task BuildAsync(IReadOnlyList<SetMember> backends, Buildx buildx, bool again, Func<IDisposable> onWait)
    {
        if (backends.Count == 0) return;
        var pythonBase = bases.Open(BaseImages.PythonBase);
        var epoch = DateTimeOffset.UnixEpoch;
        var stages = backends.ToDictionary(x => new Stage(LayoutOf(x), settings
            .InputsOf(ServiceSet.BackendImage, epoch)
            .Add("base.digest", pythonBase.Digest)
            .Add($"arg.{AptPackages}", string.Join(' ', x.Packages))));
        await Stage.MakeAllAsync([.. stages.Keys], async work =>
        {
            var targets = work.ToDictionary(x => stages[x.Stage].Name, x => settings.TargetOf(
                ServiceSet.BackendImage, epoch, x.Aside,
                new Dictionary<string, string> { [BaseImages.PythonBase] = pythonBase.Context },
                args: new Dictionary<string, string>
                {
                    [AptPackages] = string.Join(' ', stages[x.Stage].Packages),
                }));
            settings.RequireContexts(ServiceSet.BackendImage, targets.Values);
            await buildx.BakeAsync(targets, directory / "bake.json", directory / "build.log", noCache: again);
        }, again, onWait);
    }
}
