using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Lab;

/// <summary>
/// Deletes trees that held root file systems: never across a mount, and names that are no UTF-8 included.
/// </summary>
static class TemporaryTree
{
    public static async Task DeleteAsync(AbsolutePath directory)
    {
        if (!Directory.Exists(directory)) return;
        await Mounts.DetachAsync(directory);
        await new Command("rm", "-rf", "--one-file-system", "--", directory).RequireAsync();
    }
}
