using System.Text;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>
/// A commit as one file, for a site without internet: its history, the tags of that, and the files of its tree, which
/// is what a mirror has of it (gitformat-bundle, version 3 with a filter; git 2.36). What takes it in is a mirror like
/// any other, which fetches on from its remote once it can.
/// </summary>
static partial class MirrorBundle
{
    const string Filter = "blob:none";
    const string Kept = "refs/kept/";

    /// <summary>Writes one.</summary>
    /// <param name="mirror">Has the commit, and all objects of its tree.</param>
    public static async Task WriteAsync(Mirror mirror, string commit, AbsolutePath file,
        CancellationToken cancellation = default)
    {
        var tags = await mirror.Offline.Command("for-each-ref", "--format=%(objectname) %(refname)",
            $"--merged={commit}", "refs/tags").RequireAsync(cancellation);
        var refs = tags.Lines.Append($"{commit} {Kept}{commit}").ToList();
        var files = (await TreeEntry.OfTreeAsync(mirror.Offline, commit, cancellation)).Where(x => !x.IsSubmodule);
        await using var output = File.Create(file);
        await output.WriteAsync(
            Encoding.ASCII.GetBytes($"# v3 git bundle\n@filter={Filter}\n{string.Join('\n', refs)}\n\n"), cancellation);
        await (mirror.Offline.Command("pack-objects", "--revs", $"--filter={Filter}", "--stdout", "--quiet") with
        {
            Input = string.Concat(refs.Select(x => x.Split(' ')[0]).Concat(files.Select(x => x.Id))
                .Distinct().Select(x => $"{x}\n")),
            OutputReader = (stream, token) => stream.CopyToAsync(output, token),
        }).RequireAsync(cancellation);
    }

    /// <summary>
    /// Takes one in, where the mirror does not have the commit yet. Git names each object by its bytes.
    /// </summary>
    /// <exception cref="ProblemException">It is none, or does not have all of the commit.</exception>
    public static async Task ReadAsync(Mirror mirror, string commit, AbsolutePath file,
        CancellationToken cancellation = default)
    {
        await mirror.TakeAsync(commit, async directory =>
        {
            var git = new Git { Directory = directory };
            // What the bundle leaves out, the remote has.
            foreach (var (name, value) in new[]
            {
                ("core.repositoryFormatVersion", "1"), ("remote.origin.promisor", "true"),
                ("remote.origin.partialclonefilter", Filter),
            })
                await git.Command("config", name, value).RequireAsync(cancellation);
            var unpacked = await git.Command("bundle", "unbundle", file).RunAsync(cancellation);
            if (!unpacked.Succeeded)
                throw new ProblemException(new Problem($"{mirror.Component}: git cannot unpack it: {unpacked.Tail(2)}",
                    file, Expected: $"a bundle of {commit}", Remedy: "Export it again, with Prefetch --export-to"));
            var refs = unpacked.Lines.Where(x => Ref().IsMatch(x)).Select(x => x.Split(' '));
            await (git.Command("update-ref", "--stdin") with
            {
                Input = string.Concat(refs.Select(x => $"update {x[1]} {x[0]}\n")),
            }).RequireAsync(cancellation);
            await git.Command("pack-refs", "--all").RequireAsync(cancellation);
        }, cancellation);
        await CommitObjects.VerifyAsync(mirror, commit, cancellation);
    }

    [GeneratedRegex("^([0-9a-f]{40}|[0-9a-f]{64}) refs/(tags|kept)/[^ ]+$")]
    private static partial Regex Ref();
}
