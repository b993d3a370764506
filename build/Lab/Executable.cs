using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Lab;

/// <summary>Files that can be run, <c>rwxr-xr-x</c>.</summary>
static class Executable
{
    const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public static void Write(AbsolutePath file, string text) => AtomicFile.Write(file, aside =>
    {
        File.WriteAllText(aside, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(aside, Mode);
    });
}
