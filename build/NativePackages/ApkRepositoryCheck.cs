using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Signing;

namespace OpenStack.NativePackages;

/// <summary>
/// What a client of apk would find in a repository: each index and whose it is, each package that it names, and what
/// that is known by.
/// </summary>
/// <param name="directory">The repository.</param>
/// <param name="key">Whose signatures of indexes count.</param>
sealed class ApkRepositoryCheck(AbsolutePath directory, ApkPublicKey key)
{
    /// <summary>Whether there is something to look at.</summary>
    public static bool IsIn(AbsolutePath directory) => Directory.Exists(directory / ApkRepository.Place);

    /// <param name="count">Packages that were looked at.</param>
    /// <returns>What is wrong, of everything.</returns>
    public IReadOnlyList<Problem> Check(out int count)
    {
        count = 0;
        var place = directory / ApkRepository.Place;
        var indexes = !Directory.Exists(place) ? [] : Directory
            .GetFiles(place, ApkIndex.FileName, SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        if (indexes.Count == 0)
            return [new Problem("there is no index", place, Remedy: "Run the target PushPackages")];
        var problems = new List<Problem>();
        foreach (AbsolutePath file in indexes)
        {
            try
            {
                var index = ApkIndex.Read(file, key);
                problems.AddRange(index.Entries.Values.Select(x => ProblemOf(x, file)).OfType<Problem>());
                count += index.Entries.Count;
            }
            catch (ProblemException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        return problems;
    }

    /// <summary>
    /// A package is believed by its index, whoever has signed it: keys change, and what is there stays.
    /// </summary>
    static Problem? ProblemOf(string entry, AbsolutePath index)
    {
        var fields = ApkIndex.FieldsOf(entry);
        var file = index.Parent! / $"{fields["P"]}-{fields["V"]}.apk";
        if (!File.Exists(file)) return new Problem("there is no such file", file, Expected: $"what {index} names");
        var length = new FileInfo(file).Length.ToString(CultureInfo.InvariantCulture);
        if (length != fields["S"])
            return new Problem($"it has {length} bytes", file, Expected: $"{fields["S"]}, as {index} says");
        try
        {
            var package = ApkFile.Read(file);
            return package.Identity == fields["C"] ? package.Check(null)
                : new Problem($"it is {package.Identity}", file, Expected: $"{fields["C"]}, as {index} says");
        }
        catch (ProblemException e)
        {
            return e.Problems[0];
        }
    }
}
