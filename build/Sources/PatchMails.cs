using System.Text;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// The changes of a series in the order in which they are applied: for applying them and for judging them, the same.
/// </summary>
sealed class PatchMails : IDisposable
{
    readonly List<PatchMail> _all = [];
    AbsolutePath? _directory;

    PatchMails()
    {
    }

    public IReadOnlyList<PatchMail> All => _all;

    public static PatchMails Read(PatchSeries series)
    {
        var mails = new PatchMails();
        try
        {
            foreach (var file in series.Files) mails.Add(file, series.Label(file));
            return mails;
        }
        catch
        {
            mails.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_directory is not null) Removal.Remove(_directory);
    }

    void Add(AbsolutePath file, string label)
    {
        var bytes = File.ReadAllBytes(file);
        var digest = Digest.OfBytes(bytes);
        if (PatchEncoding.Check(bytes, label) is { } unreadable)
        {
            var nothing = PatchHeader.Parse("");
            _all.Add(new PatchMail(file, null, 0, digest, file, PatchText.Parse(""), nothing, [unreadable]));
            return;
        }

        var mails = MailBox.Split(Encoding.Latin1.GetString(bytes));
        var headers = mails.Select(x => PatchHeader.Parse(x.Text)).ToList();
        // What the name says and a mail says too is of that mail alone.
        var said = headers.SelectMany(x => x.Vulnerabilities);
        var named = PatchHeader.VulnerabilitiesIn(file.Name).Except(said).ToList();
        foreach (var (i, (before, text)) in mails.Index())
        {
            var patch = PatchText.Parse(text, before);
            var header = headers[i] with { Vulnerabilities = [.. headers[i].Vulnerabilities, .. named] };
            var isAlone = mails.Count == 1;
            _all.Add(new PatchMail(
                file,
                isAlone ? null : i + 1,
                isAlone ? 0 : before + 1,
                digest,
                isAlone ? file : Write($"{file.Name}.{i + 1}", text),
                patch,
                header,
                PatchRules.Check(patch, label, isAlone)));
        }
    }

    AbsolutePath Write(string name, string text)
    {
        _directory ??= Directory.CreateTempSubdirectory("mails-").FullName;
        var file = _directory / name;
        File.WriteAllText(file, text, Encoding.Latin1);
        return file;
    }
}
