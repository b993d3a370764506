using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary>
/// What is left to do by hand for an image: the lines with TODO in its files. <c>AddService</c> writes them, whoever
/// has done it removes them.
/// </summary>
public static partial class OpenTasks
{
    /// <param name="imageDirectory">Directory of the image.</param>
    /// <returns>Where each is and what, by file and line.</returns>
    public static IReadOnlyList<Problem> Of(AbsolutePath imageDirectory) =>
    [
        .. Directory.EnumerateFiles(imageDirectory).Order(StringComparer.Ordinal)
            .Select(x => (File: x, Shown: $"images/{imageDirectory.Name}/{Path.GetFileName(x)}"))
            .SelectMany(x => Utf8File.Read(x.File, x.Shown).Split('\n').Index()
                .Select(y => (y.Index, Task: Todo().Match(y.Item)))
                .Where(y => y.Task.Success)
                .Select(y => new Problem(y.Task.Groups["what"].Value.Trim(), x.Shown, y.Index + 1))),
    ];

    [GeneratedRegex(@"#\s*TODO\b:?(?<what>.*)")]
    private static partial Regex Todo();
}
