using System.Text;
using System.Text.RegularExpressions;

namespace OpenStack.Sources;

/// <summary>
/// A patch, read as far as it takes to explain what becomes of it; git alone decides whether it applies. Whatever is no
/// patch has no files. What git would pass over without a word, as if it were a part of the message, is found: see
/// <see cref="Skipped"/>.
/// </summary>
sealed partial class PatchText
{
    const string Diff = "diff --git ";

    /// <summary>The most lines from the beginning of a combined diff to its line <c>---</c>.</summary>
    const int LinesOfHeader = 5;

    static readonly string[] s_empty = [BlobId.Of([]), BlobId.Of([], sha256: true)];

    static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly List<PatchedFile> _files = [];
    readonly List<SkippedSection> _skipped = [];
    readonly int _before;
    FileDraft? _file;
    HunkDraft? _hunk;

    PatchText(string text, int before)
    {
        Text = text;
        _before = before;
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

    /// <summary>What is meant to change something and is nothing to git, in the order of the patch.</summary>
    public IReadOnlyList<SkippedSection> Skipped => _skipped;

    /// <summary>Every path in the tree that the patch reads or writes; git refuses others.</summary>
    public IReadOnlyList<string> Names =>
        [.. _files.SelectMany(x => x.Names).Where(PatchPath.IsInTree).Distinct(StringComparer.Ordinal)];

    /// <param name="text">Bytes of the patch, one a character: files of any encoding are patched.</param>
    /// <param name="before">Lines of the file before the text, for numbers of lines.</param>
    public static PatchText Parse(string text, int before = 0) => new(text, before);

    /// <summary>Number of a line in the file, from 1.</summary>
    /// <param name="index">In <see cref="Lines"/>.</param>
    public int LineOf(int index) => _before + index + 1;

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

    /// <summary>Whether bytes, one a character, are UTF-8.</summary>
    public static bool IsUtf8(string bytes) =>
        System.Text.Unicode.Utf8.IsValid(Encoding.Latin1.GetBytes(bytes));

    void ReadHeader(ref int i)
    {
        var line = Lines[i];
        if (line.StartsWith(Diff, StringComparison.Ordinal)) BeginFile(i, PatchPath.ReadBoth(line[Diff.Length..]));
        else if (line.StartsWith("--- ", StringComparison.Ordinal)
            && LineAt(i + 1).StartsWith("+++ ", StringComparison.Ordinal))
            ReadNames(ref i);
        else if (_file is not null && HunkHeader().Match(line) is { Success: true } x) _hunk = new HunkDraft(
            _file.Hunks.Count + 1,
            LineOf(i),
            Number(x.Groups["start"]),
            Number(x.Groups["old"], 1),
            Number(x.Groups["new"], 1));
        else if (_file is { Hunks.Count: 0, IsGit: true, IsOver: false }) _file.Take(line.TrimEnd('\r'));
        else if (SkippedSection.At(Lines, i, isMessage: FirstHeader < 0) is { } skipped)
            Skip(skipped with { Line = LineOf(i) });
    }

    /// <summary>The lines '---' and '+++'. Below 'diff --git' they say the same again, or else begin a file.</summary>
    void ReadNames(ref int i)
    {
        var (old, @new) = (PatchPath.Read(Lines[i][4..]), PatchPath.Read(Lines[i + 1][4..]));
        if (_file is not { IsGit: true, Hunks.Count: 0, IsNamed: false })
        {
            // To git it is no beginning without a hunk. Before the first one it is a part of the message to us, too.
            if (!LineAt(i + 2).StartsWith("@@ -", StringComparison.Ordinal))
            {
                // A combined diff says its file once more.
                var isKnown = _skipped.Count > 0 && _skipped[^1].Line > LineOf(i) - LinesOfHeader;
                if (FirstHeader >= 0 && !isKnown)
                    Skip(new SkippedSection(LineOf(i), $"the section of {Utf8(@new)} has no hunk"));
                i++;
                return;
            }

            BeginFile(i, null);
        }

        _file!.Name(old, @new);
        i++;
    }

    void Skip(SkippedSection section)
    {
        EndFile();
        _skipped.Add(section);
    }

    string LineAt(int index) => index < Lines.Count ? Lines[index] : "";

    void BeginFile(int index, (string Old, string New)? names)
    {
        EndFile();
        if (FirstHeader < 0) FirstHeader = index;
        _file = new FileDraft(LineOf(index), Lines[index].StartsWith(Diff, StringComparison.Ordinal));
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
        bool _isNew, _isDeleted, _isBinary, _lacksContents, _changesMode, _isPartial;

        public bool IsGit => isGit;

        public bool IsNamed { get; private set; }

        /// <summary>Whether there was an empty line, below which no header goes on.</summary>
        public bool IsOver { get; private set; }

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
            string? After(string prefix) =>
                text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : null;
            if (After("new file mode ") is { } made) (_isNew, _mode) = (true, made);
            else if (After("new mode ") is { } mode) (_changesMode, _mode) = (true, mode);
            else if (After("old mode ") is { } before) _mode = before;
            else if (After("deleted file mode ") is { } gone) (_isDeleted, _mode) = (true, gone);
            else if ((After("rename from ") ?? After("copy from ")) is { } from) _oldName = PatchPath.Read(from);
            else if ((After("rename to ") ?? After("copy to ")) is { } to) _newName = PatchPath.Read(to);
            else if (After("similarity index ") is { } similar) _isPartial = similar != "100%";
            else if (text == "GIT binary patch") _isBinary = true;
            else if (After("Binary files ") is not null) _isBinary = _lacksContents = true;
            else if (text.Length == 0) IsOver = !_isBinary;
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
            var (oldName, newName) = (_oldName ?? Strip(old), _newName ?? Strip(@new));
            var unreadable = new[] { newName, oldName }.FirstOrDefault(x => x is not null && !IsUtf8(x));
            var changes = Hunks.Count > 0 || _isNew || _isDeleted || _isBinary || _changesMode || _newName is not null;
            return new PatchedFile(line, Decode(oldName), Decode(newName), hasPrefix, _mode, _oldBlob, _newBlob,
                _isBinary, Hunks)
            {
                UnreadableName = unreadable is null ? null : GitName.Quote(unreadable),
                LacksContents = _lacksContents || LacksHunks(),
                ChangesNothing = !changes,
            };
        }

        /// <summary>
        /// Whether the header says that lines change, and none follow: the patch was cut off, or cut down by 'git diff
        /// -D'.
        /// </summary>
        bool LacksHunks()
        {
            if (!isGit || _isBinary || Hunks.Count > 0) return false;
            if (_oldBlob is null || _newBlob is null || _oldBlob == _newBlob) return _isPartial;
            return !IsNoContents(_isNew ? _newBlob : _isDeleted ? _oldBlob : null);
        }

        /// <summary>Whether an id, which may be abbreviated, is that of an empty file.</summary>
        static bool IsNoContents(string? blob) =>
            blob is not null && s_empty.Any(x => x.StartsWith(blob, StringComparison.Ordinal));

        static string? Strip(string? path) => path is null ? null : PatchPath.WithoutPrefix(path);

        static string? Decode(string? path) => path is null ? null : Utf8(path);
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

        public Hunk Finish() =>
            new(number, line, start, _old, _new, _trailing, _old.Count == oldLines && _new.Count == newLines);

        bool WithoutLineEnd()
        {
            if (_last is '-' or ' ' && _old.Count > 0) _old[^1] = _old[^1].TrimEnd('\n');
            if (_last is '+' or ' ' && _new.Count > 0) _new[^1] = _new[^1].TrimEnd('\n');
            return _last != 0;
        }
    }
}
