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
        if (JobOutputs.File is not { } file) return;
        IReadOnlyList<(string Service, string Release)> all = [.. images];
        IReadOnlyList<ImageSet> sets = [.. ServiceSet.Planned(Run.Catalog, all).Select(x =>
            new ImageSet(x.Release, x.Services, x.Missing))];
        JobOutputs.Append(file, BuildMatrix.Outputs(all, sets, BuildPlatforms.OfRun(RootDirectory), IsLocked));
    }

    /// <summary>Whether there are the locks of an image; of the base images where it is null.</summary>
    bool IsLocked((string Service, string Release)? image, string platform) => (image is var (service, release)
            ? new[] { new LockSubject(service, release, platform, Distro) }
            : [.. new[] { BaseImages.PythonBase, BaseImages.VenvBuilder }
                .Select(x => new LockSubject(x, null, platform, Distro))])
        .All(x => File.Exists(x.FileBelow(RefLocks)));
}
