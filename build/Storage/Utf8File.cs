using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Storage;

/// <summary>Text files as a person wrote them.</summary>
public static class Utf8File
{
    static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of <paramref name="file"/> without a byte order mark.</summary>
    /// <param name="shownAs">The file's name in messages.</param>
    /// <exception cref="ProblemException">The file is not there, cannot be read or is not UTF-8.</exception>
    public static string Read(AbsolutePath file, string shownAs)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var why = e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file"
                : Directory.Exists(file) ? "it is a directory" : e.Message.TrimEnd('.');
            throw new ProblemException(new Problem($"cannot be read: {why}", shownAs), e);
        }

        try
        {
            var text = s_strict.GetString(bytes);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException e)
        {
            var before = Encoding.UTF8.GetString(bytes, 0, Math.Clamp(e.Index, 0, bytes.Length));
            var line = 1 + before.Count(x => x == '\n');
            var column = before.Length - before.LastIndexOf('\n');
            throw new ProblemException(new Problem("there is a byte that is not UTF-8", shownAs, line, column,
                Remedy: "Save the file as UTF-8"), e);
        }
    }
}
