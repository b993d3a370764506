using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Storage;

/// <summary>
/// A disk that is full or may not be written to: nothing that the build did wrong, and nothing a stack trace would help
/// with.
/// </summary>
static class DiskFailure
{
    /// <summary>
    /// <c>ENOSPC</c>, <c>EDQUOT</c> of Linux and macOS, <c>ERROR_HANDLE_DISK_FULL</c> and <c>ERROR_DISK_FULL</c>.
    /// </summary>
    static readonly int[] s_full = [28, 122, 69, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    /// <summary><c>EROFS</c>, <c>ERROR_WRITE_PROTECT</c>.</summary>
    static readonly int[] s_readOnly = [30, unchecked((int)0x80070013)];

    public static bool Is(Exception e) => e is UnauthorizedAccessException
        || (e is IOException && (s_full.Contains(e.HResult) || s_readOnly.Contains(e.HResult)));

    /// <param name="e">One that <see cref="Is"/> one.</param>
    /// <param name="output">What was being made.</param>
    public static ProblemException Describe(Exception e, AbsolutePath output) => s_full.Contains(e.HResult)
        ? new ProblemException($"The disk is full: {output} cannot be written",
            "Make room and run the same command again; what was finished is kept", e)
        {
            IsOfAll = true,
        }
        : new ProblemException($"{output} cannot be written: {e.Message.TrimEnd('.')}",
            "Make its directory writable and run the same command again", e)
        {
            IsOfAll = true,
        };
}
