using Nuke.Common;
using OpenStack.Diagnostics;

namespace OpenStack.Pipeline.Editing;

/// <summary>A service → nothing.</summary>
interface IRemoveService : IEditCatalog
{
    Target RemoveService => _ => _
        .Description("Removes services from all releases, or those of --release; from the last one with their images")
        .Executes(() =>
        {
            if (Service.Length == 0) throw new ProblemException("no service is given", "Name it with --service");
            var selection = Catalog.Select(Service, Release.Length == 0 ? ["all"] : Release);
            foreach (var service in selection.GroupBy(x => x.Service, x => x.Release.Name))
                Edit(x => x.RemoveService(service.Key, [.. service], WithPatches));
        });
}
