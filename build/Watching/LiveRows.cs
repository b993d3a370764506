using System.Text;
using OpenStack.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OpenStack.Watching;

/// <summary>What is under way, a row each: what it is, for how long, the bytes, and what it is at.</summary>
sealed class LiveRows
{
    /// <summary>What is done sooner would only flicker.</summary>
    static readonly TimeSpan s_brief = TimeSpan.FromSeconds(0.5);

    /// <summary>More rows than that nobody reads while they move.</summary>
    const int Most = 20;

    /// <summary>Between columns.</summary>
    const int Gap = 2;

    static readonly Style s_time = new(Color.Aqua);
    static readonly Style s_detail = new(Color.Grey);

    readonly StringBuilder _text = new();
    readonly IAnsiConsole _console;
    (string Cells, string Rows) _before = ("", "");

    /// <param name="hasColours">Whether rows may have colours.</param>
    public LiveRows(bool hasColours) => _console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = hasColours ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = hasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(new StringWriter(_text) { NewLine = "\n" }),
    });

    /// <summary>The rows, each with its end.</summary>
    /// <param name="states">What is under way, the first of it being what all else is part of.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Lines of the terminal.</param>
    public string Of(IReadOnlyList<WorkState> states, int width, int height)
    {
        var shown = states.Where(x => x.Elapsed >= s_brief).ToList();
        if (shown.Count == 0) return "";
        var room = Math.Clamp(height - 2, 1, Most);
        var left = shown.Count > room ? shown.Count - room + 1 : 0;
        var widths = WidthsOf(shown, width - 1);
        var rows = shown.Take(shown.Count - left).Select((x, i) => (IReadOnlyList<Segment>)
        [
            new((i == 0 ? "" : "  ") + x.Name), new(x.Time.PadLeft(widths[1]), s_time), new(x.Bytes),
            new(x.Detail ?? "", s_detail),
        ]).ToList();
        if (left > 0) rows.Add([new($"  and {left} more", s_detail)]);
        // Most looks find what was there before: it is not laid out again.
        var cells = $"{width}\n{string.Join('\n', rows.SelectMany(x => x).Select(x => x.Text))}";
        if (cells != _before.Cells) _before = (cells, Write(rows.SelectMany(x => Row(x, widths)), width));
        return _before.Rows;
    }

    /// <summary>What it is and for how long comes before what it is at, which gets what is left.</summary>
    static IReadOnlyList<int> WidthsOf(IReadOnlyList<WorkState> shown, int width)
    {
        var left = Math.Max(0, width);
        int Take(int wanted, int most)
        {
            var taken = Math.Clamp(Math.Min(wanted, most), 0, left);
            left = Math.Max(0, left - taken - (taken > 0 ? Gap : 0));
            return taken;
        }

        int Widest(Func<WorkState, string> of) => shown.Max(x => new Segment(of(x)).CellCount());
        var time = Take(Widest(x => x.Time), left);
        var bytes = Take(Widest(x => x.Bytes), left / 2);
        var name = Take(Widest(x => x.Name) + 2, shown.Any(x => x.Detail is { Length: > 0 }) ? left * 3 / 5 : left);
        return [name, time, bytes, left];
    }

    /// <summary>Each cell as wide as its column, but for the last, and nothing of it on another line.</summary>
    static IEnumerable<Segment> Row(IReadOnlyList<Segment> cells, IReadOnlyList<int> widths)
    {
        var gap = 0;
        foreach (var (cell, width) in cells.Zip(widths))
        {
            if (width == 0) continue;
            // What programs say may be anything.
            var plain = string.Concat(cell.Text.Select(x => char.IsControl(x) ? ' ' : x));
            var cut = Segment.SplitOverflow(new Segment(plain, cell.Style), Overflow.Ellipsis, width).FirstOrDefault();
            if (cut is null || string.IsNullOrWhiteSpace(cut.Text))
            {
                gap += width + Gap;
                continue;
            }

            yield return Segment.Padding(gap);
            yield return cut;
            gap = width - cut.CellCount() + Gap;
        }

        yield return Segment.LineBreak;
    }

    string Write(IEnumerable<Segment> segments, int width)
    {
        _text.Clear();
        _console.Profile.Width = Math.Max(1, width);
        _console.Write(new Segments([.. segments]));
        return _text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>What is laid out already.</summary>
    sealed class Segments(IReadOnlyList<Segment> all) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => all;
    }
}
