using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// What a killed git leaves in a repository, and the next one takes for a git at work or never clears.
/// </summary>
static class MirrorDebris
{
    /// <summary>Git holds these for milliseconds; one that is older belongs to a git that is no more.</summary>
    static readonly TimeSpan s_lockAge = TimeSpan.FromSeconds(5);

    /// <summary>These grow while a transfer lasts, and a checkout may be fetching beside us.</summary>
    static readonly TimeSpan s_packAge = TimeSpan.FromHours(1);

    /// <summary>
    /// To be called by the holder of the mirror's lock. Waits for locks that are too young to be called debris.
    /// </summary>
    public static async Task ClearAsync(AbsolutePath repository, CancellationToken cancellation)
    {
        Clear(repository, "tmp_*", s_packAge);
        while (Clear(repository, "*.lock", s_lockAge) + Clear(repository, "packed-refs.new", s_lockAge) > 0)
        {
            await Task.Delay(100, cancellation);
        }
    }

    /// <summary>
    /// Removes the half copies beside a mirror. The git of a killed run may still be writing to one: it then stays for
    /// next time, which is why no two copies share a name.
    /// </summary>
    public static void ClearCopies(AbsolutePath repository)
    {
        foreach (var copy in Directory.GetDirectories(repository.Parent!, $"{repository.Name}.*.making"))
        {
            try
            {
                Removal.Remove(copy);
            }
            catch (ProblemException)
            {
                // Files came while it was being removed.
            }
        }
    }

    /// <returns>How many are too young.</returns>
    static int Clear(AbsolutePath repository, string pattern, TimeSpan age)
    {
        var young = 0;
        foreach (var file in new DirectoryInfo(repository).EnumerateFiles(pattern, SearchOption.AllDirectories))
        {
            if (DateTime.UtcNow - file.LastWriteTimeUtc > age) file.Delete();
            else young++;
        }

        return young;
    }
}
