using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Locks;

/// <summary>
/// Everything that an image of one platform is built from beside this repository, by digest: a text file with one line
/// for each input, sorted, written by <c>Lock</c> and kept in version control, so that people can review what moves.
/// </summary>
/// <param name="Subject">What it is of.</param>
/// <param name="Inputs">Each once.</param>
[DescribedFile("Everything that an image is made of, by digest: a line for each input; written by Lock, committed",
    Place = "releases/<release>/locks/<image>.<os>-<arch>.lock")]
public sealed record InputLock(LockSubject Subject, IReadOnlyList<LockedInput> Inputs)
{
    /// <summary>The files to download.</summary>
    public IEnumerable<LockedFile> Files => Inputs.OfType<LockedFile>();

    /// <summary>
    /// Of what an image may be another one for: where a file is, or that a suite was signed anew, changes nothing.
    /// </summary>
    public string Digest => Storage.Digest.OfText(string.Concat(Inputs
        .Where(x => x is not LockedSuite and not LockedFile { Kind: FileKind.Source })
        .Select(x => $"{x.Key} {x.Content}\n")
        .Order(StringComparer.Ordinal)));

    /// <summary>The images that it starts from.</summary>
    public IEnumerable<LockedImage> Images => Inputs.OfType<LockedImage>();

    /// <summary>The source code.</summary>
    public IEnumerable<LockedCommit> Commits => Inputs.OfType<LockedCommit>();

    /// <param name="file">The file.</param>
    /// <param name="shownAs">Its name in messages.</param>
    /// <param name="of">What it has to be of.</param>
    /// <exception cref="ProblemException">It is not there, or all that is wrong with it.</exception>
    public static InputLock Read(AbsolutePath file, string shownAs, LockSubject of)
    {
        const string remedy = "Run the target Lock and commit the file";
        if (!File.Exists(file))
            throw new ProblemException(new Problem($"there is no lock of {of}", shownAs, Remedy: remedy));
        var read = Read(file, shownAs);
        if (read.Subject == of) return read;
        var (found, expected) = (string.Join(' ', read.Subject.Words), string.Join(' ', of.Words));
        throw new ProblemException(new Problem($"the lock is of {found}", shownAs, Expected: expected, Remedy: remedy));
    }

    /// <inheritdoc cref="Read(AbsolutePath, string, LockSubject)"/>
    public static InputLock Read(AbsolutePath file, string shownAs) => Parse(Utf8File.Read(file, shownAs), shownAs);

    /// <exception cref="ProblemException">All that is wrong with it.</exception>
    public static InputLock Parse(string text, string shownAs)
    {
        var problems = new List<Problem>();
        var read = new LockReader(shownAs, problems).Read(text);
        ProblemException.ThrowIfAny(problems);
        return read!;
    }

    /// <summary>
    /// The lock as a file: what it is, how it is written anew, what it is of, and its inputs in the order of their
    /// lines.
    /// </summary>
    public string ToText()
    {
        var service = Subject.Release is null ? "all" : Subject.Image;
        var text = new StringBuilder()
            .Append($"# What {Subject} takes, by digest. Not to be edited; ./build.sh writes it anew:\n")
            .Append($"# Lock --service {service} --release {Subject.Release ?? "all"} --platform {Subject.Platform}\n")
            .Append($"{LockReader.SubjectKind} {string.Join(' ', Subject.Words)}\n\n");
        foreach (var line in Inputs.Select(x => x.Line).Order(StringComparer.Ordinal)) text.Append(line).Append('\n');
        return text.ToString();
    }
}
