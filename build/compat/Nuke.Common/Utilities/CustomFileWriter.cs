namespace Nuke.Common.Utilities;

/// <summary>Writes indented lines.</summary>
public class CustomFileWriter
{
    readonly StreamWriter stream;
    readonly int indentationFactor;
    readonly string commentPrefix;
    int indentation;

    public CustomFileWriter(StreamWriter streamWriter, int indentationFactor, string commentPrefix)
    {
        stream = streamWriter;
        this.indentationFactor = indentationFactor;
        this.commentPrefix = commentPrefix;
    }

    /// <summary>An empty line without a text.</summary>
    public void WriteLine(string text = null) => stream.WriteLine(text is null ? "" : new string(' ', indentation * indentationFactor) + text);

    public void WriteComment(string text = null) => WriteLine($"{commentPrefix} {text}".TrimEnd());

    public void Write(Action<CustomFileWriter> writer) => writer(this);

    /// <summary>One level deeper until disposed.</summary>
    public IDisposable Indent()
    {
        indentation++;
        return new Disposable(() => indentation--);
    }
}
