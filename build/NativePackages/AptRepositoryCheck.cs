using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Packages;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// What a client would find in a repository: each suite's signature, each index that it names, each package that those
/// name, and what that says of itself.
/// </summary>
/// <param name="directory">The repository.</param>
/// <param name="certificate">Whose signatures count.</param>
public sealed class AptRepositoryCheck(AbsolutePath directory, OpenPgpCertificate certificate)
{
    const string Suites = "dists";

    /// <summary>Whether there is something to look at.</summary>
    public static bool IsIn(AbsolutePath directory) => Directory.Exists(directory / Suites);

    /// <param name="now">By which certificates are valid or not.</param>
    /// <param name="count">Packages that were looked at.</param>
    /// <returns>What is wrong, of everything.</returns>
    public IReadOnlyList<Problem> Check(DateTimeOffset now, out int count)
    {
        var suites = directory / Suites;
        var releases = Directory.Exists(suites) ? Directory.GetDirectories(suites).Order(StringComparer.Ordinal)
            .Select(x => (AbsolutePath)x / "InRelease").ToList() : [];
        count = 0;
        var problems = new List<Problem>();
        foreach (var release in releases)
        {
            if (!File.Exists(release))
            {
                problems.Add(new Problem("there is no such file", release, Remedy: "Run the target PushPackages"));
                continue;
            }

            var (text, problem) = certificate.ReadSigned(release, now);
            if (problem is not null) problems.Add(problem);
            else count += CheckSuite(release.Parent!, text, problems);
        }

        return problems;
    }

    int CheckSuite(AbsolutePath suite, string release, List<Problem> problems)
    {
        var count = 0;
        var indexes = ControlFields.Parse(release)["SHA256"].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(x => x.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        foreach (var (digest, size, name) in indexes.Select(x => (x[0], x[1], x[2])))
        {
            // As apt asks for it: what lies under the index's name may be of a later run, which was killed.
            var file = (suite / name).Parent! / "by-hash" / "SHA256" / digest;
            if (ProblemOf(file, digest, size, suite / "InRelease") is { } problem) problems.Add(problem);
            else if (Path.GetFileName(name) == "Packages")
                count += CheckPackages(File.ReadAllText(file), suite / name, problems);
        }

        return count;
    }

    int CheckPackages(string index, AbsolutePath shownAs, List<Problem> problems)
    {
        var stanzas = index.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(ControlFields.Parse).ToList();
        foreach (var stanza in stanzas)
        {
            var file = directory / stanza["Filename"];
            if (ProblemOf(file, stanza["SHA256"], stanza["Size"], shownAs) is { } problem)
            {
                problems.Add(problem);
                continue;
            }

            var package = DebFile.Read(file);
            if ((package.Name, package.Version) != (stanza["Package"], stanza["Version"]))
                problems.Add(new Problem($"it is {package.Name} {package.Version}", file,
                    Expected: $"{stanza["Package"]} {stanza["Version"]}, as {shownAs} says"));
        }

        return stanzas.Count;
    }

    static Problem? ProblemOf(AbsolutePath file, string digest, string size, AbsolutePath saidBy)
    {
        if (!File.Exists(file)) return new Problem("there is no such file", file, Expected: $"what {saidBy} names");
        var (length, found) = (new FileInfo(file).Length, Digest.OfFile(file));
        return length.ToString(CultureInfo.InvariantCulture) == size && found == $"sha256:{digest}" ? null
            : new Problem($"it has {length} bytes, {found}", file,
                Expected: $"{size} bytes, sha256:{digest}, as {saidBy} says");
    }
}
