using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// What a client of dnf would find: each repository's signature, each list that it names, each package that those
/// name, with the signature of its own.
/// </summary>
/// <param name="directory">That of <see cref="DnfRepository"/>.</param>
/// <param name="certificate">Whose signatures count.</param>
public sealed class DnfRepositoryCheck(AbsolutePath directory, OpenPgpCertificate certificate)
{
    /// <summary>Whether there is something to look at.</summary>
    public static bool IsIn(AbsolutePath directory) => Directory.Exists(directory / DnfRepository.Root);

    /// <param name="now">By which certificates are valid or not.</param>
    /// <param name="count">Packages that were looked at.</param>
    /// <returns>What is wrong, of everything; nothing where there is no repository of dnf.</returns>
    public IReadOnlyList<Problem> Check(DateTimeOffset now, out int count)
    {
        count = 0;
        var problems = new List<Problem>();
        var root = directory / DnfRepository.Root;
        if (!Directory.Exists(root)) return problems;
        foreach (var repository in Directory.GetDirectories(root).SelectMany(Directory.GetDirectories)
            .Order(StringComparer.Ordinal).Select(x => (AbsolutePath)x))
        {
            var repomd = repository / DnfRepository.Repodata / DnfRepository.Repomd;
            if (!File.Exists(repomd))
                problems.Add(new Problem("there is no such file", repomd, Remedy: "Run the target PushPackages"));
            else if (certificate.ProblemOf(repomd, repomd.Parent! / DnfRepository.Signature, now) is { } problem)
                problems.Add(problem);
            else
                count += CheckLists(repository, repomd, now, problems);
        }

        return problems;
    }

    int CheckLists(AbsolutePath repository, AbsolutePath repomd, DateTimeOffset now, List<Problem> problems)
    {
        var count = 0;
        foreach (var (kind, place, sha256) in DnfMetadata.Named(repomd))
        {
            if (ProblemOf(repository / place, sha256, repomd) is { } problem) problems.Add(problem);
            else if (kind == "primary")
                foreach (var package in DnfMetadata.Packages(repository / place))
                {
                    CheckPackage(repository, package, now, problems);
                    count++;
                }
        }

        return count;
    }

    void CheckPackage(AbsolutePath repository, (string Nevra, string Place, string Sha256) package, DateTimeOffset now,
        List<Problem> problems)
    {
        var file = repository / package.Place;
        if (ProblemOf(file, package.Sha256, repository) is { } problem)
        {
            problems.Add(problem);
            return;
        }

        var rpm = RpmFile.Read(file);
        if (rpm.Nevra != package.Nevra)
            problems.Add(new Problem($"it is {rpm.Nevra}", file, Expected: $"{package.Nevra}, as {repository} says"));
        // The repository is signed by one key; packages that were there before another one took its place, by that.
        if (rpm.Signature is null) problems.Add(new Problem("it is not signed", file));
        else if (certificate.Knows(rpm.Signature)
            && certificate.ProblemOf(rpm.Header.Bytes, rpm.Signature, file, now) is { } wrong) problems.Add(wrong);
    }

    static Problem? ProblemOf(AbsolutePath file, string sha256, AbsolutePath saidBy)
    {
        if (!File.Exists(file)) return new Problem("there is no such file", file, Expected: $"what {saidBy} names");
        var found = Digest.OfFile(file);
        return found == $"sha256:{sha256}" ? null
            : new Problem($"it is {found}", file, Expected: $"sha256:{sha256}, as {saidBy} says");
    }
}
