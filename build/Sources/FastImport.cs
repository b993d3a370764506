using System.Text;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// Commits a work tree through <c>git fast-import</c>: one process and one pack, whose bytes depend on the files and
/// their order alone. Files are taken as they are, whatever .gitignore and .gitattributes say.
/// </summary>
static class FastImport
{
    const string Author = "OpenStack images <openstack-images@localhost>";

    /// <param name="git">Repository and work tree; the latter's .git is left out.</param>
    /// <param name="at">Author and committer date.</param>
    public static Task CommitAsync(Git git, string reference, string message, DateTimeOffset at,
        CancellationToken cancellation = default) =>
        (git.Command("fast-import", "--quiet", "--done", "--date-format=raw") with
        {
            InputWriter = async (stream, token) =>
            {
                var buffered = new BufferedStream(stream, 1 << 16);
                var date = $"{at.ToUnixTimeSeconds()} +0000";
                Write(buffered, $"commit {reference}\nauthor {Author} {date}\ncommitter {Author} {date}\n");
                WriteData(buffered, Encoding.UTF8.GetBytes(message));
                foreach (var (name, file) in Files(git.WorkTree!))
                {
                    token.ThrowIfCancellationRequested();
                    var target = file.LinkTarget;
                    var mode = target is not null
                        ? "120000" : TreeCopy.IsExecutable(file.FullName) ? "100755" : "100644";
                    Write(buffered, $"M {mode} inline {Quote(name)}\n");
                    WriteData(buffered,
                        target is not null
                            ? Encoding.UTF8.GetBytes(target)
                            : await File.ReadAllBytesAsync(file.FullName, token));
                }

                Write(buffered, "done\n");
                await buffered.FlushAsync(token);
            },
        }).RequireAsync(cancellation);

    static IEnumerable<(string Name, FileSystemInfo File)> Files(AbsolutePath workTree) => FileTree.Entries(workTree)
        .Where(x => (x.Entry is FileInfo || x.Entry.LinkTarget is not null)
            && !x.Name.StartsWith(".git/", StringComparison.Ordinal))
        .OrderBy(x => x.Name, StringComparer.Ordinal);

    static void Write(Stream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));

    static void WriteData(Stream stream, byte[] data)
    {
        Write(stream, $"data {data.Length}\n");
        stream.Write(data);
        Write(stream, "\n");
    }

    static string Quote(string name)
    {
        var escaped = name
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        return $"\"{escaped}\"";
    }
}
