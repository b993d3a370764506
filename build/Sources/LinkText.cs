using System.Runtime.InteropServices;
using System.Text;

namespace OpenStack.Sources;

/// <summary>The text of symbolic links as it is: bytes. .NET gives what it makes of them as UTF-8.</summary>
static class LinkText
{
    /// <summary>PATH_MAX of Linux; a link has no longer text.</summary>
    const int Most = 4096;

    /// <summary>The bytes, one a character.</summary>
    /// <param name="link">Its own name is UTF-8.</param>
    public static string Read(FileSystemInfo link)
    {
        var text = link.LinkTarget!;
        // What is not UTF-8 has become this character.
        if (OperatingSystem.IsWindows() || !text.Contains('\uFFFD'))
            return Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
        var buffer = new byte[Most];
        var length = (int)ReadLink(link.FullName, buffer, buffer.Length);
        return length > 0 ? Encoding.Latin1.GetString(buffer, 0, length)
            : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
    }

    [DllImport("libc", EntryPoint = "readlink", CharSet = CharSet.Ansi,
        BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern nint ReadLink(string file, byte[] buffer, nint size);
}
