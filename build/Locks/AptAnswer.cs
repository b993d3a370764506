using System.Globalization;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Network;
using OpenStack.Storage;

namespace OpenStack.Locks;

/// <summary>What <c>images/apt-lock/apt-lock</c> writes.</summary>
static partial class AptAnswer
{
    const string Remedy = "apt of the base image answers otherwise than apt 2.0 and later do: report it";

    /// <summary>The suites that the image's apt knows, as those name them who are behind mirrors.</summary>
    /// <exception cref="ProblemException">All lines that are not understood.</exception>
    public static IReadOnlyList<LockedSuite> ReadSuites(AbsolutePath file, IReadOnlyList<InputMirror> mirrors) =>
        ParseSuites(Utf8File.Read(file, file), file, mirrors);

    /// <summary>What installing an image's packages would download.</summary>
    /// <exception cref="ProblemException">
    /// All lines that are not understood, and packages without a SHA-256.
    /// </exception>
    public static IReadOnlyList<LockedFile> ReadPackages(AbsolutePath file, IReadOnlyList<InputMirror> mirrors) =>
        ParsePackages(Utf8File.Read(file, file), file, mirrors);

    internal static IReadOnlyList<LockedSuite> ParseSuites(string text, string file,
        params IReadOnlyList<InputMirror> mirrors) =>
        Parse(text, file, SuiteLine(), "SUITE ARCHIVE SIZE SHA256 DATE", x =>
        {
            var date = DateTimeOffset.ParseExact(x["date"].Value, "ddd, d MMM yyyy HH:mm:ss",
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite);
            var archive = InputMirror.Original(x["archive"].Value.TrimEnd('/') + "/", mirrors);
            return new LockedSuite(x["suite"].Value, archive, x["sha256"].Value, SizeOf(x), date,
                SnapshotArchives.Of(archive, date));
        });

    internal static IReadOnlyList<LockedFile> ParsePackages(string text, string file,
        params IReadOnlyList<InputMirror> mirrors) =>
        Parse(text, file, PackageLine(), "'URL' FILE SIZE SHA256:DIGEST", x => new LockedFile(
            FileKind.Deb,
            x["name"].Value,
            // A colon, that of an epoch, is no letter of file names.
            x["version"].Value.Replace("%3a", ":", StringComparison.Ordinal),
            x["architecture"].Value,
            x["sha256"].Value,
            SizeOf(x),
            InputMirror.Original(x["url"].Value, mirrors)));

    static long SizeOf(GroupCollection groups) => long.Parse(groups["size"].Value, CultureInfo.InvariantCulture);

    static List<T> Parse<T>(string text, string file, Regex line, string expected, Func<GroupCollection, T> read)
    {
        var (found, problems) = (new List<T>(), new List<Problem>());
        foreach (var (content, i) in text.Split('\n').Select((x, i) => (x, i)))
        {
            var match = line.Match(content);
            if (match.Success) found.Add(read(match.Groups));
            else if (content.Length > 0)
                problems.Add(new Problem($"'{content}' is not understood", file, i + 1, 1, expected, Remedy));
        }

        ProblemException.ThrowIfAny(problems);
        return found;
    }

    [GeneratedRegex(
        @"^(?<suite>\S+) (?<archive>https?://\S+) (?<size>\d+) (?<sha256>[0-9a-f]{64}) (?<date>\w{3}, +\d+ \w{3} \d{4} [0-9:]{8}) (UTC|GMT|\+0000)$")]
    private static partial Regex SuiteLine();

    [GeneratedRegex(
        @"^'(?<url>https?://[^' ]+)' (?<name>[^_ ]+)_(?<version>[^_ ]+)_(?<architecture>[^_ ]+)\.deb (?<size>\d+) SHA256:(?<sha256>[0-9a-f]{64})$")]
    private static partial Regex PackageLine();
}
