using LibGit2Sharp;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>
/// The one place where a repository is opened in this process, by libgit2, to read commits and tags. What
/// <see cref="Git"/> tells git is told to libgit2, too: no configuration but the repository's own counts, and a
/// repository may belong to another user (<c>safe.directory=*</c>). That check guards against configuration that runs
/// programs; reading objects runs none.
/// </summary>
public static class GitObjects
{
    static GitObjects()
    {
        GlobalSettings.SetOwnerValidation(false);
        GlobalSettings.SetConfigSearchPaths(ConfigurationLevel.Global, "");
        GlobalSettings.SetConfigSearchPaths(ConfigurationLevel.Xdg, "");
        GlobalSettings.SetConfigSearchPaths(ConfigurationLevel.System, "");
        GlobalSettings.SetConfigSearchPaths(ConfigurationLevel.ProgramData, "");
    }

    /// <param name="directory">
    /// The git directory: a mirror, or a repository that borrows the objects of a local tree.
    /// </param>
    /// <exception cref="ProblemException">It is not there, or nothing that libgit2 can read.</exception>
    public static Repository Open(AbsolutePath directory)
    {
        try
        {
            return new Repository(directory);
        }
        catch (LibGit2SharpException e)
        {
            throw new ProblemException(
                new Problem($"{directory} cannot be read as a git repository: {e.Message.TrimEnd('.', '\n')}",
                    Remedy: "Delete it, and run the same command again: it is made anew"), e);
        }
    }
}
