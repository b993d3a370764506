using OpenStack.Images;
using OpenStack.Locks;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.UpstreamTests;
using OpenStack.Workflows;

namespace OpenStack.Pipeline.Upkeep;

/// <summary>Says which jobs a workflow has, by the images that are to be built.</summary>
interface IHazJobs : IHazImages, IHazRecords
{
    /// <summary>Hands the images to the jobs after this one; does nothing where this is no job of GitHub's.</summary>
    void PlanJobs(IEnumerable<(string Service, string Release)> images)
    {
        IReadOnlyList<(string Service, string Release)> all = [.. images];
        BuildMatrix.WriteOutputs(all, SetsOf(all), RootDirectory, IsLocked);
    }

    /// <summary>Of each release what of the images runs beside others, and what that takes besides.</summary>
    IReadOnlyList<ImageSet> SetsOf(IReadOnlyList<(string Service, string Release)> images)
    {
        var said = Run.Catalog.ImageData.ToDictionary(x => x.Key, x => x.Value.Set);
        return [.. images.GroupBy(x => x.Release, x => x.Service).Select(built =>
        {
            var there = Run.Catalog.Releases[built.Key].SourceRefs;
            // Another Tempest may find something in any of them.
            var services = ServiceSet.Closed(
                built.Contains(ServiceSet.Tempest) ? said.Keys.Where(there.ContainsKey) : built, said);
            return new ImageSet(built.Key, services, [.. services.Append(ServiceSet.Tempest).Except(built)]);
        }).Where(x => x.Services.Count > 0 && x.Services.Append(ServiceSet.Tempest)
            .All(Run.Catalog.Releases[x.Release].SourceRefs.ContainsKey))];
    }

    /// <summary>Whether there are the locks of an image; of the base images where it is null.</summary>
    bool IsLocked((string Service, string Release)? image, string platform) => (image is var (service, release)
            ? new[] { new LockSubject(service, release, platform, Distro) }
            : [.. new[] { BaseImages.PythonBase, BaseImages.VenvBuilder }
                .Select(x => new LockSubject(x, null, platform, Distro))])
        .All(x => File.Exists(x.FileBelow(RefLocks)));
}
