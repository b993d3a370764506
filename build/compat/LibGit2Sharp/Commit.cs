using System.Globalization;
using System.Text;

namespace LibGit2Sharp;

public class Commit : GitObject
{
    /// <summary>Header lines, then an empty line, then the message (git-cat-file, commit object).</summary>
    readonly Lazy<(string[] Headers, string Message)> _text;

    internal Commit(Repository repository, RawObject raw)
        : base(repository, raw) => _text = new Lazy<(string[], string)>(Parse);

    public virtual string Message => _text.Value.Message;

    public virtual Signature Committer => new(Header("committer ").Single());

    /// <summary>None for the commits at which a shallow clone was cut off.</summary>
    public virtual IEnumerable<Commit> Parents => Repository.Git.Shallow.Contains(Sha)
        ? []
        : Header("parent ").Select(x => Repository.Lookup<Commit>(x) ?? throw new LibGit2SharpException($"object not found - no match for id ({x})"));

    IEnumerable<string> Header(string name) =>
        _text.Value.Headers.Where(x => x.StartsWith(name, StringComparison.Ordinal)).Select(x => x[name.Length..]);

    (string[] Headers, string Message) Parse()
    {
        var text = Encoding.UTF8.GetString(Content);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        return end < 0 ? (text.Split('\n'), "") : (text[..end].Split('\n'), text[(end + 2)..]);
    }
}

/// <summary>Who did something to a repository, and when.</summary>
public sealed class Signature
{
    /// <param name="line"><c>Name &lt;mail&gt; seconds +hhmm</c></param>
    internal Signature(string line)
    {
        var fields = line[(line.LastIndexOf('>') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var zone = fields.Length > 1 ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0;
        var offset = TimeSpan.FromMinutes((zone / 100 * 60) + (zone % 100));
        When = DateTimeOffset.FromUnixTimeSeconds(long.Parse(fields[0], CultureInfo.InvariantCulture));
        if (offset.Duration() <= TimeSpan.FromHours(14)) When = When.ToOffset(offset);
    }

    public DateTimeOffset When { get; }
}
