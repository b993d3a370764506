using System.Runtime.InteropServices;
using Nuke.Common.IO;

namespace OpenStack.Storage;

/// <summary>A file that is never written to again, under a second name.</summary>
static class LinkedFile
{
    /// <summary>
    /// Gives it that name, which nothing has yet, without copying its content; where the file systems do not allow it,
    /// copies.
    /// </summary>
    public static void Create(AbsolutePath file, AbsolutePath name)
    {
        if (OperatingSystem.IsWindows() || Link(file, name) != 0) File.Copy(file, name);
    }

    [DllImport("libc", EntryPoint = "link", CharSet = CharSet.Ansi, BestFitMapping = false,
        ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Link(string file, string name);
}
