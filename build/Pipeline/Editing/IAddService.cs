using Nuke.Common;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Sources;
using Serilog;

namespace OpenStack.Pipeline.Editing;

/// <summary>A name → a service: its refs, packages and entry points in every release, and its image.</summary>
interface IAddService : IEditCatalog
{
    Target AddService => _ => _
        .Description("Adds services to all releases, or those of --release: refs (the newest tag of each series, or "
            + "--ref), packages, entry points, image")
        .Executes(async () =>
        {
            if (Service.Length == 0) throw new ProblemException("no service is given", "Name it with --service");
            CheckRefs(Service);
            var names = Releases.Select(x => x.Name).ToList();
            foreach (var service in Service) Edit(x => x.CheckNewService(service, names), make: false);
            UseGitMirror();
            foreach (var service in Service)
            {
                var found = new Dictionary<string, NewComponent>();
                foreach (var release in names) found[release] = await LookUpAsync(service, release);
                Edit(x => x.AddService(service, found,
                    new ServiceTemplate(RootDirectory / "build" / "Catalog" / "templates", service)));
            }

            Log.Information("Look over images/<service>/Dockerfile and the packages, then run ./build.sh TestImage");
        });

    /// <summary>
    /// What upstream says of it. With a ref, the rest can be filled in later where upstream cannot be reached.
    /// </summary>
    async Task<NewComponent> LookUpAsync(string service, string release)
    {
        try
        {
            var aside = TemporaryDirectory / "catalog-look-up" / $"{service}-{Guid.NewGuid():N}";
            var found = await UpstreamService.LookUpAsync(new RefResolver(MirrorsDirectory),
                MirrorOf(service, RemoteOf(service)), RemoteOf(service), release, RefOf(service), aside);
            Log.Information("{Service} {Release}: {Ref}, distribution {Distribution}", service, release, found.Ref,
                found.Distribution);
            return new NewComponent(found.Ref, new EntryPoints(found.Distribution, found.Scripts, found.Wsgi));
        }
        catch (ProblemException e) when (RefOf(service) is not null)
        {
            Log.Warning("{Service} {Release}: its entry points are left out. {Why}", service, release, e.Message);
            return new NewComponent(RefOf(service)!, null);
        }
        catch (ProblemException e)
        {
            throw new ProblemException([
                .. e.Problems,
                new Problem($"no tag of {service} is known for {release}", Remedy: $"Name a ref: --ref {service}=…"),
            ], e);
        }
    }
}
