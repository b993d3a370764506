using System.Text;
using System.Text.RegularExpressions;

namespace OpenStack.Sources;

/// <summary>
/// A patch, read as far as it takes to explain what becomes of it; git alone decides whether it applies. Whatever is no patch has
/// no files.
/// </summary>
sealed partial class PatchText
{
    const string Diff = "diff --git ";

    static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly List<PatchedFile> _files = [];
    FileDraft? _file;
    HunkDraft? _hunk;

    /// <param name="text">Bytes of the patch, one a character: files of any encoding are patched.</param>
    PatchText(string text)
    {
        Text = text;
        Lines = text.Split('\n');
        for (var i = 0; i < Lines.Count; i++)
        {
            if (_hunk?.Take(Lines[i]) == true) continue;
            EndHunk();
            ReadHeader(ref i);
        }

        EndHunk();
        EndFile();
    }

    /// <summary>The bytes of the file, one a character.</summary>
    public string Text { get; }

    public IReadOnlyList<string> Lines { get; }

    /// <summary>In the order of the patch; a file may be there more than once.</summary>
    public IReadOnlyList<PatchedFile> Files => _files;

    /// <summary>Index of the first line that names a file; negative when none does.</summary>
    public int FirstHeader { get; private set; } = -1;

    /// <summary>Every path in the tree that the patch reads or writes; git refuses others.</summary>
    public IReadOnlyList<string> Names => [.. _files.SelectMany(x => x.Names).Where(x => PatchPath.StaysInTree("", x)).Distinct(StringComparer.Ordinal)];

    public static PatchText Read(string path) => Parse(File.ReadAllText(path, Encoding.Latin1));

    public static PatchText Parse(string text) => new(text);

    /// <summary>Bytes, one a character, as a person reads them: UTF-8, or Latin-1 where they are not that.</summary>
    public static string Utf8(string bytes)
    {
        try
        {
            return s_strict.GetString(Encoding.Latin1.GetBytes(bytes));
        }
        catch (DecoderFallbackException)
        {
            return bytes;
        }
    }

    void ReadHeader(ref int i)
    {
        var line = Lines[i];
        if (line.StartsWith(Diff, StringComparison.Ordinal)) BeginFile(i, PatchPath.ReadBoth(line[Diff.Length..]));
        else if (line.StartsWith("--- ", StringComparison.Ordinal) && i + 1 < Lines.Count && Lines[i + 1].StartsWith("+++ ", StringComparison.Ordinal))
        {
            // Below 'diff --git' these say the same again, or else begin a file.
            if (_file is not { IsGit: true, Hunks.Count: 0, IsNamed: false }) BeginFile(i, null);
            _file!.Name(PatchPath.Read(line[4..]), PatchPath.Read(Lines[++i][4..]));
        }
        else if (_file is not null && HunkHeader().Match(line) is { Success: true } x)
        {
            _hunk = new HunkDraft(_file.Hunks.Count + 1, i + 1, Number(x.Groups["start"]), Number(x.Groups["old"], 1), Number(x.Groups["new"], 1));
        }
        else if (_file is { Hunks.Count: 0, IsGit: true }) _file.Take(line.TrimEnd('\r'));
    }

    void BeginFile(int index, (string Old, string New)? names)
    {
        EndFile();
        if (FirstHeader < 0) FirstHeader = index;
        _file = new FileDraft(index + 1, Lines[index].StartsWith(Diff, StringComparison.Ordinal));
        if (names is var (old, @new)) (_file.OldPath, _file.NewPath) = (old, @new);
    }

    void EndFile()
    {
        if (_file is not null) _files.Add(_file.Finish());
        _file = null;
    }

    void EndHunk()
    {
        if (_hunk is not null) _file?.Hunks.Add(_hunk.Finish());
        _hunk = null;
    }

    static int Number(Group group, int otherwise = 0) => int.TryParse(group.Value, out var number) ? number : otherwise;

    [GeneratedRegex(@"^@@ -(?<start>\d+)(,(?<old>\d+))? \+\d+(,(?<new>\d+))? @@")]
    private static partial Regex HunkHeader();

    /// <summary>A file while its lines come.</summary>
    sealed class FileDraft(int line, bool isGit)
    {
        string? _oldName, _newName, _mode, _oldBlob, _newBlob;
        bool _isNew, _isDeleted, _isBinary;

        public bool IsGit => isGit;

        public bool IsNamed { get; private set; }

        public string? OldPath { get; set; }

        public string? NewPath { get; set; }

        public List<Hunk> Hunks { get; } = [];

        public void Name(string old, string @new)
        {
            (OldPath, NewPath, IsNamed) = (old, @new, true);
            _isNew |= old == "/dev/null";
            _isDeleted |= @new == "/dev/null";
        }

        /// <summary>A line of git's extended header.</summary>
        public void Take(string text)
        {
            string? After(string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : null;
            if (After("new file mode ") is { } made) (_isNew, _mode) = (true, made);
            else if (After("new mode ") is { } mode) _mode = mode;
            else if (After("deleted file mode ") is not null) _isDeleted = true;
            else if ((After("rename from ") ?? After("copy from ")) is { } from) _oldName = PatchPath.Read(from);
            else if ((After("rename to ") ?? After("copy to ")) is { } to) _newName = PatchPath.Read(to);
            else if (text == "GIT binary patch" || After("Binary files ") is not null) _isBinary = true;
            else if (Blobs().Match(text) is { Success: true } x)
            {
                (_oldBlob, _newBlob) = (x.Groups["old"].Value, x.Groups["new"].Value);
                if (x.Groups["mode"] is { Success: true } unchanged) _mode = unchanged.Value;
            }
        }

        public PatchedFile Finish()
        {
            var (old, @new) = (_isNew ? null : OldPath, _isDeleted ? null : NewPath);
            // Lines such as 'rename from' have no prefix, so there is nothing to be mistaken about.
            var hasPrefix = PatchPath.HavePrefix(old, @new);
            return new PatchedFile(
                line, _oldName ?? Strip(old), _newName ?? Strip(@new), hasPrefix, _mode, _oldBlob, _newBlob, _isBinary, Hunks);
        }

        static string? Strip(string? path) => path is null ? null : PatchPath.WithoutPrefix(path);
    }

    [GeneratedRegex("^index (?<old>[0-9a-f]{7,64})\\.\\.(?<new>[0-9a-f]{7,64})( (?<mode>[0-7]{6}))?$")]
    private static partial Regex Blobs();

    /// <summary>A hunk while its lines come.</summary>
    sealed class HunkDraft(int number, int line, int start, int oldLines, int newLines)
    {
        readonly List<string> _old = [], _new = [];
        char _last;
        int _trailing;

        /// <summary>Takes a line that belongs to the hunk. Inside of it, '--- x' is a removed line.</summary>
        public bool Take(string text)
        {
            if (text.StartsWith('\\')) return WithoutLineEnd();
            if (_old.Count >= oldLines && _new.Count >= newLines) return false;
            // Mailers take the blank of an empty line away, and git does not mind.
            var kind = text.Length == 0 ? ' ' : text[0];
            if (kind is not (' ' or '-' or '+')) return false;
            var content = (text.Length == 0 ? "" : text[1..]) + "\n";
            if (kind != '+') _old.Add(content);
            if (kind != '-') _new.Add(content);
            _trailing = kind == ' ' ? _trailing + 1 : 0;
            _last = kind;
            return true;
        }

        public Hunk Finish() => new(number, line, start, _old, _new, _trailing, _old.Count == oldLines && _new.Count == newLines);

        bool WithoutLineEnd()
        {
            if (_last is '-' or ' ' && _old.Count > 0) _old[^1] = _old[^1].TrimEnd('\n');
            if (_last is '+' or ' ' && _new.Count > 0) _new[^1] = _new[^1].TrimEnd('\n');
            return _last != 0;
        }
    }
}
