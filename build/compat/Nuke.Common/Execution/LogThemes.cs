using Serilog.Sinks.SystemConsole.Themes;

namespace Nuke.Common.Execution;

/// <summary>The colours of the log on the console. Apart from the level, only values stand out.</summary>
static class LogThemes
{
    static readonly ConsoleThemeStyle[] Values =
        [ConsoleThemeStyle.Null, ConsoleThemeStyle.Number, ConsoleThemeStyle.String, ConsoleThemeStyle.Boolean, ConsoleThemeStyle.Scalar];

    public static ConsoleTheme Ansi()
    {
        var styles = new Dictionary<ConsoleThemeStyle, string>
        {
            [ConsoleThemeStyle.Text] = "\e[39m",
            [ConsoleThemeStyle.SecondaryText] = "\e[38;5;247m",
            [ConsoleThemeStyle.TertiaryText] = "\e[38;5;247m",
            [ConsoleThemeStyle.Name] = "\e[39;1m",
            [ConsoleThemeStyle.Invalid] = "\e[48;5;45;1m",
            [ConsoleThemeStyle.LevelVerbose] = "\e[90;1m",
            [ConsoleThemeStyle.LevelDebug] = "\e[39;1m",
            [ConsoleThemeStyle.LevelInformation] = "\e[38;5;45;1m",
            [ConsoleThemeStyle.LevelWarning] = "\e[38;5;214;1m",
            [ConsoleThemeStyle.LevelError] = "\e[38;5;196;1m",
            [ConsoleThemeStyle.LevelFatal] = "\e[38;5;231;1m\e[48;5;196m"
        };
        foreach (var style in Values)
            styles[style] = "\e[38;5;45;1m";
        return new AnsiConsoleTheme(styles);
    }

    public static ConsoleTheme System()
    {
        var styles = new Dictionary<ConsoleThemeStyle, SystemConsoleThemeStyle>
        {
            [ConsoleThemeStyle.Text] = new(),
            [ConsoleThemeStyle.SecondaryText] = new() { Foreground = ConsoleColor.Gray },
            [ConsoleThemeStyle.TertiaryText] = new() { Foreground = ConsoleColor.Gray },
            [ConsoleThemeStyle.Name] = new() { Foreground = ConsoleColor.Blue },
            [ConsoleThemeStyle.Invalid] = new() { Foreground = ConsoleColor.DarkRed },
            [ConsoleThemeStyle.LevelVerbose] = new() { Foreground = ConsoleColor.Gray },
            [ConsoleThemeStyle.LevelDebug] = new(),
            [ConsoleThemeStyle.LevelInformation] = new() { Foreground = ConsoleColor.Cyan },
            [ConsoleThemeStyle.LevelWarning] = new() { Foreground = ConsoleColor.Yellow },
            [ConsoleThemeStyle.LevelError] = new() { Foreground = ConsoleColor.Red },
            [ConsoleThemeStyle.LevelFatal] = new() { Foreground = ConsoleColor.White, Background = ConsoleColor.Red }
        };
        foreach (var style in Values)
            styles[style] = new() { Foreground = ConsoleColor.Magenta };
        return new SystemConsoleTheme(styles);
    }
}
