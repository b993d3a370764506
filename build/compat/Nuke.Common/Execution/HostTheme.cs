using Serilog.Sinks.SystemConsole.Themes;

namespace Nuke.Common.Execution;

/// <summary>The kinds of text a host writes past the log.</summary>
enum HostText
{
    Success,
    Verbose,
    Debug,
    Information,
    Warning,
    Error
}

/// <summary>The colours of a host. An empty line has a zero-width space, because some hosts drop empty ones.</summary>
abstract class HostTheme
{
    const string EmptyLine = "\u200b";
    static HostTheme current;

    public static HostTheme Ansi => field ??= new AnsiTheme();

    /// <summary>Escape sequences for what calls itself xterm, else the colours of the system's console.</summary>
    public static HostTheme Default => current ??=
        Environment.GetEnvironmentVariable("TERM")?.StartsWith("xterm", StringComparison.OrdinalIgnoreCase) == true ? Ansi : new SystemTheme();

    /// <summary>The same colours for the log.</summary>
    public abstract ConsoleTheme ForLog();

    public abstract string Format(HostText kind, string text);

    public void WriteLine(HostText kind, string text) => Write(kind, string.IsNullOrWhiteSpace(text) ? EmptyLine : text);

    protected abstract void Write(HostText kind, string text);

    sealed class AnsiTheme : HostTheme
    {
        public override ConsoleTheme ForLog() => LogThemes.Ansi();

        public override string Format(HostText kind, string text) =>
            string.IsNullOrWhiteSpace(text) || text == EmptyLine ? EmptyLine : $"{CodeOf(kind)}{text}\e[0m";

        protected override void Write(HostText kind, string text) => Console.WriteLine(Format(kind, text));

        static string CodeOf(HostText kind) => kind switch
        {
            HostText.Success => "\e[32;1m",
            HostText.Verbose => "\e[90;1m",
            HostText.Information => "\e[38;5;45;1m",
            HostText.Warning => "\e[38;5;214;1m",
            HostText.Error => "\e[38;5;196;1m",
            _ => "\e[39;1m"
        };
    }

    sealed class SystemTheme : HostTheme
    {
        public override ConsoleTheme ForLog() => LogThemes.System();

        public override string Format(HostText kind, string text) => text;

        protected override void Write(HostText kind, string text)
        {
            if (Console.IsOutputRedirected || ColourOf(kind) is not { } colour)
            {
                Console.WriteLine(text);
                return;
            }

            Console.ForegroundColor = colour;
            Console.WriteLine(text);
            Console.ResetColor();
        }

        static ConsoleColor? ColourOf(HostText kind) => kind switch
        {
            HostText.Success => ConsoleColor.Green,
            HostText.Verbose => ConsoleColor.Gray,
            HostText.Information => ConsoleColor.Cyan,
            HostText.Warning => ConsoleColor.Yellow,
            HostText.Error => ConsoleColor.Red,
            _ => null
        };
    }
}
