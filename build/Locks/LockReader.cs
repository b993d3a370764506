using System.Globalization;
using System.Text.RegularExpressions;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Locks;

/// <summary>Reads the lines of a lock. What is not understood is a problem with its line, and never left out.</summary>
/// <param name="file">The file's name in messages.</param>
/// <param name="problems">Gets all that is wrong with it.</param>
sealed partial class LockReader(string file, List<Problem> problems)
{
    internal const string SubjectKind = "for";

    const string Remedy = "Run the target Lock, which writes the file anew";

    static readonly Dictionary<string, string> s_forms = new(StringComparer.Ordinal)
    {
        [SubjectKind] = "for IMAGE RELEASE PLATFORM DISTRIBUTION",
        [FileKind.Build] = "build NAME VERSION sha256:… SIZE URL",
        [FileKind.Deb] = "deb NAME VERSION ARCHITECTURE sha256:… SIZE URL",
        [FileKind.Wheel] = "wheel NAME VERSION sha256:… SIZE URL",
        [FileKind.Sdist] = "sdist NAME VERSION sha256:… SIZE URL",
        [FileKind.Source] = "source NAME VERSION sha256:… SIZE URL",
        [LockedImage.KindName] = "image NAME sha256:…",
        [LockedSuite.KindName] = "suite NAME DATE sha256:… SIZE ARCHIVE SNAPSHOT",
        [LockedCommit.KindName] = "git NAME REF COMMIT URL",
        [UnlockedInput.KindName] = "unlocked NAME WHY…",
    };

    readonly List<LockedInput> _inputs = [];
    readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    LockSubject? _subject;

    /// <returns>Null where the file does not say what it is about; that is a problem too.</returns>
    public InputLock? Read(string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (line.Length > 0 && line[0] != '#') ReadLine(line, i + 1);
        }

        if (_subject is null && problems.Count == 0)
            problems.Add(new Problem(
                "the lock does not say what it is of", file, 1, 1, $"a line '{s_forms[SubjectKind]}'", Remedy));
        return _subject is null ? null : new InputLock(_subject, _inputs);
    }

    void ReadLine(string line, int number)
    {
        var before = problems.Count;
        var words = line.Split(' ');
        var fields = new Fields(words);
        var input = words[0] == SubjectKind ? ReadSubject(fields, number) : InputOf(words[0], line, fields);
        if (fields.Wrong is { } wrong && problems.Count == before)
            problems.Add(new Problem(wrong, file, number, fields.Column, Form(words[0]), Remedy));
        if (input is null || problems.Count > before) return;
        if (_lines.TryGetValue(input.Key, out var first))
            problems.Add(new Problem($"{input.Key} is there a second time, after line {first}", file, number, 1,
                "one line", "Keep the line that is right, or run the target Lock"));
        else
            _inputs.Add(input);
        _lines.TryAdd(input.Key, number);
    }

    /// <returns>Nothing: it is no input.</returns>
    LockedInput? ReadSubject(Fields fields, int number)
    {
        var subject = LockSubject.Of(fields.Next("image"), fields.Next("release"),
            fields.Next("platform", PlatformName.Is), fields.Next("distribution"));
        fields.End();
        if (_subject is not null)
            problems.Add(new Problem(
                "the lock says a second time what it is of", file, number, 1, "one such line", Remedy));
        else if (fields.Wrong is null) _subject = subject;
        return null;
    }

    static LockedInput? InputOf(string kind, string line, Fields fields)
    {
        if (!s_forms.ContainsKey(kind))
        {
            fields.Fail($"'{kind}' is no kind of input", first: true);
            return null;
        }

        var name = fields.Next("name");
        LockedInput input = kind switch
        {
            LockedImage.KindName => new LockedImage(name, fields.Next("digest", Digest().IsMatch)),
            LockedSuite.KindName => SuiteOf(name, fields),
            LockedCommit.KindName => new LockedCommit(
                name, fields.Next("ref"), fields.Next("commit", Commit().IsMatch), fields.Next("url")),
            UnlockedInput.KindName => new UnlockedInput(name, fields.Rest(line)),
            _ => new LockedFile(kind, name, fields.Next("version"),
                kind == FileKind.Deb ? fields.Next("architecture") : null,
                fields.Sha256(), fields.Size(), fields.Next("url", IsPlace)),
        };
        fields.End();
        return fields.Wrong is null ? input : null;
    }

    static LockedSuite SuiteOf(string name, Fields fields)
    {
        var date = fields.Next("date", x => DateOf(x) is not null);
        var (sha256, size, archive) = (fields.Sha256(), fields.Size(), fields.Next("archive", IsUrl));
        var snapshot = fields.Next("snapshot", x => x == LockedFile.Unknown || IsUrl(x));
        return new LockedSuite(name, archive, sha256, size ?? 0, DateOf(date) ?? default,
            snapshot == LockedFile.Unknown ? null : snapshot);
    }

    static DateTimeOffset? DateOf(string text) => DateTimeOffset.TryParseExact(text, LockedSuite.DateFormat,
        CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    static string Form(string kind) => s_forms.GetValueOrDefault(kind)
        ?? $"one of {string.Join(", ", s_forms.Keys.Order(StringComparer.Ordinal))}";

    /// <summary>A file of a directory is named alone: no way leads out of it.</summary>
    static bool IsPlace(string url) => IsUrl(url)
        || (url.StartsWith(LockedFile.Wheelhouse, StringComparison.Ordinal) && url.Length > LockedFile.Wheelhouse.Length
            && !Uri.UnescapeDataString(url[LockedFile.Wheelhouse.Length..]).AsSpan().ContainsAny('/', '\\', '\0'));

    static bool IsUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z")]
    private static partial Regex Digest();

    [GeneratedRegex(@"^([0-9a-f]{40}|[0-9a-f]{64})\z")]
    private static partial Regex Commit();

    /// <summary>
    /// The words of a line, one after the other; the first that is wrong is remembered with its column.
    /// </summary>
    sealed class Fields(string[] words)
    {
        int _next = 1;

        public string? Wrong { get; private set; }

        public int Column { get; private set; } = 1;

        public string Next(string what, Func<string, bool>? isValid = null)
        {
            if (Wrong is not null) return "";
            if (_next == words.Length) Fail($"the {what} is missing");
            else if (words[_next].Length == 0) Fail($"the {what} is empty: one space separates words");
            else if (isValid?.Invoke(words[_next]) == false) Fail($"'{words[_next]}' is no {what}");
            else return words[_next++];
            return "";
        }

        public string Sha256() =>
            Next("digest", Digest().IsMatch) is { Length: > 0 } digest ? digest["sha256:".Length..] : "";

        public long? Size() => Bytes(Next("size", x => x == LockedFile.Unknown || Bytes(x) > 0));

        /// <summary>Everything that is left, a text.</summary>
        public string Rest(string line)
        {
            var rest = _next < words.Length ? line[words.Take(_next).Sum(x => x.Length + 1)..] : "";
            if (Wrong is null && rest.Trim().Length == 0) Fail("the reason is missing");
            _next = words.Length;
            return rest;
        }

        public void End()
        {
            if (Wrong is null && _next < words.Length) Fail($"there is more: '{string.Join(' ', words.Skip(_next))}'");
        }

        /// <param name="wrong">What is wrong with the next word, or with the first.</param>
        public void Fail(string wrong, bool first = false)
        {
            Wrong = wrong;
            Column = 1 + words.Take(first ? 0 : _next).Sum(x => x.Length + 1);
        }

        static long? Bytes(string text) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
    }
}
