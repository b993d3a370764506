using System.Collections.ObjectModel;
using System.Runtime.Versioning;
using Nuke.Common.IO;
using Nuke.Common.ValueInjection;

namespace Nuke.Common;

/// <summary>The process and the machine it runs on.</summary>
public static class EnvironmentInfo
{
    /// <summary>The directory of the caller; the engine never changes it.</summary>
    public static AbsolutePath WorkingDirectory
    {
        get => Directory.GetCurrentDirectory();
        set => Directory.SetCurrentDirectory(value);
    }

    /// <summary>Without the program itself.</summary>
    public static IReadOnlyCollection<string> CommandLineArguments => CommandLine.Current.Tokens;

    public static bool IsWin => OperatingSystem.IsWindows();
    public static bool IsLinux => OperatingSystem.IsLinux();
    public static bool IsOsx => OperatingSystem.IsMacOS();

    public static PlatformFamily Platform =>
        IsWin ? PlatformFamily.Windows : IsLinux ? PlatformFamily.Linux : IsOsx ? PlatformFamily.OSX : PlatformFamily.Unknown;

    public static FrameworkName Framework => new(AppContext.TargetFrameworkName);
    public static string NewLine => Environment.NewLine;

    public static ReadOnlyDictionary<string, string> Variables => EnvironmentVariables.Read().AsReadOnly();

    public static string GetVariable(string name) => Environment.GetEnvironmentVariable(name);

    /// <summary>The variable, converted; the type's default without one.</summary>
    public static T GetVariable<T>(string name, char? separator = null) =>
        (T)EnvironmentVariables.Get(name, typeof(T), separator);

    public static bool HasVariable(string name, bool allowEmpty = true) =>
        Environment.GetEnvironmentVariable(name) is { } value && (allowEmpty || value.Length > 0);
}
