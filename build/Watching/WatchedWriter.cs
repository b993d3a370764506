using System.Text;

namespace OpenStack.Watching;

/// <summary>What is written to the console, on its way there.</summary>
/// <param name="inner">Where it would have gone.</param>
/// <param name="write">Writes it.</param>
sealed class WatchedWriter(TextWriter inner, Action<string> write) : TextWriter(inner.FormatProvider)
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => write($"{value}");

    public override void Write(char[] buffer, int index, int count) => write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => write(new string(buffer));

    public override void Write(string? value) => write(value ?? "");

    /// <summary>A line is one piece.</summary>
    public override void WriteLine(string? value) => write(value + NewLine);

    public override void Flush() => inner.Flush();
}
