using Nuke.Common;

namespace OpenStack.Pipeline.Editing;

/// <summary>A release → nothing.</summary>
interface IRemoveRelease : IEditCatalog
{
    Target RemoveRelease => _ => _
        .Description("Removes a release with its overrides")
        .Executes(() =>
        {
            var release = Catalog.SelectReleases([OneRelease])[0];
            Edit(x => x.RemoveRelease(release.Name, WithPatches));
        });
}
