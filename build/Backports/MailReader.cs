using System.Globalization;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Backports;

/// <summary>Reads changes from a file of mails, decoded as <c>git am</c> decodes them.</summary>
static class MailReader
{
    /// <param name="shownAs">The file's name in messages.</param>
    /// <param name="directory">
    /// For what the mails are taken apart into; it has to stay as long as they are needed.
    /// </param>
    /// <exception cref="ProblemException">All mails that are none, or whose patch nobody could apply.</exception>
    public static async Task<ChangeSeries> ReadAsync(AbsolutePath file, string shownAs, AbsolutePath directory,
        CancellationToken cancellation = default)
    {
        var bytes = await File.ReadAllBytesAsync(file, cancellation);
        if (PatchEncoding.Check(bytes, shownAs) is { } unreadable) throw new ProblemException(unreadable);
        var mails = MailBox.Split(Encoding.Latin1.GetString(bytes));
        var changes = new List<UpstreamChange>();
        var problems = new List<Problem>();
        Directory.CreateDirectory(directory);
        foreach (var (i, (before, text)) in mails.Index())
        {
            AbsolutePath patch = directory / string.Create(CultureInfo.InvariantCulture, $"{i + 1:d4}.diff");
            var change = await ReadAsync(text, patch, cancellation);
            if (change is null)
                problems.Add(new Problem("the mail does not say who changed what, and when", shownAs, before + 1,
                    Expected: "From, Date and Subject, as git format-patch writes them"));
            else
            {
                problems.AddRange(PatchRules.Check(change.Text, shownAs, mails.Count == 1));
                changes.Add(change);
            }
        }

        ProblemException.ThrowIfAny(problems);
        return new ChangeSeries(changes, []) { File = file };
    }

    static async Task<UpstreamChange?> ReadAsync(string mail, AbsolutePath patch, CancellationToken cancellation)
    {
        AbsolutePath body = $"{patch}.message";
        var read = await (new Git().Command("mailinfo", "--encoding=UTF-8", body, patch) with
        {
            InputWriter = (stream, token) => stream.WriteAsync(Encoding.Latin1.GetBytes(mail), token).AsTask(),
        }).RunAsync(cancellation);
        string Field(string name) => read.Lines.Where(x => x.StartsWith($"{name}: ", StringComparison.Ordinal))
            .Select(x => x[(name.Length + 2)..]).FirstOrDefault() ?? "";
        var (author, email, subject, date) = (Field("Author"), Field("Email"), Field("Subject"), Field("Date"));
        if (!read.Succeeded || email.Length == 0 || subject.Length == 0) return null;
        var message = $"{subject}\n\n{await File.ReadAllTextAsync(body, cancellation)}".Trim() + "\n";
        var header = UpstreamChange.HeaderOf(author, email, date, message);
        if (header.Date is not { } at) return null;
        var text = PatchText.Parse(await File.ReadAllTextAsync(patch, Encoding.Latin1, cancellation));
        return new UpstreamChange($"{author} <{email}> {UpstreamChange.RawDate(at)}", message, text, header)
        {
            Patch = patch,
            PatchId = await PatchIds.OfAsync(text, cancellation),
        };
    }
}
