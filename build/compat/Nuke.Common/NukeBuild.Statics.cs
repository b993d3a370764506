using System.Reflection;
using Nuke.Common.CI;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.ValueInjection;

namespace Nuke.Common;

public abstract partial class NukeBuild
{
    static NukeBuild()
    {
        RootDirectory = FindRootDirectory();
        TemporaryDirectory = (RootDirectory / ".nuke" / "temp").CreateDirectory();
        BuildAssemblyFile = FindBuildAssembly();
        BuildAssemblyDirectory = BuildAssemblyFile?.Parent;
        BuildProjectFile = BuildAssemblyDirectory is null ? null : FindProjectFile(BuildAssemblyDirectory);
        BuildProjectDirectory = BuildProjectFile?.Parent;
        Verbosity = Parameters.Get<Verbosity?>(nameof(Verbosity)) ?? Verbosity.Normal;
        Host = Parameters.Get<Host>(nameof(Host)) ?? Hosts.Running();
        LoadedLocalProfiles = Parameters.Get<string[]>(Parameters.Profile) ?? [];
    }

    [Parameter("Root directory during build execution.", Name = Parameters.Root)]
    public static AbsolutePath RootDirectory { get; }

    public static AbsolutePath TemporaryDirectory { get; }
    public static AbsolutePath BuildAssemblyFile { get; }
    public static AbsolutePath BuildAssemblyDirectory { get; }
    public static AbsolutePath BuildProjectFile { get; }
    public static AbsolutePath BuildProjectDirectory { get; }

    [Parameter("Logging verbosity during build execution. Default is 'Normal'.")]
    public static Verbosity Verbosity
    {
        get => (Verbosity)Logging.Level;
        set => Logging.Level = (LogLevel)value;
    }

    [Parameter("Host for execution. Default is 'automatic'.")]
    public static Host Host { get; set; }

    [Parameter("Defines the profiles to load.", Name = Parameters.Profile)]
    public static string[] LoadedLocalProfiles { get; }

    public static bool IsLocalBuild => !IsServerBuild;
    public static bool IsServerBuild => Host is IBuildServer;

    static AbsolutePath FindRootDirectory()
    {
        if (Parameters.Get<AbsolutePath>(Parameters.Root) is { } given)
            return given;
        var workingDirectory = EnvironmentInfo.WorkingDirectory;
        if (CommandLine.Current.Has(Parameters.Root))
            return workingDirectory;

        AbsolutePath userProfile = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? home : null;
        return workingDirectory.FindParentOrSelf(x => x != userProfile && ((x / ".nuke").DirectoryExists() || (x / ".nuke").FileExists()))
            ?? throw new ArgumentException(string.Join(
                Environment.NewLine,
                $"Could not locate '.nuke' directory/file while walking up from '{workingDirectory}'.",
                "Either create a directory/file to mark the root directory, or add '--root [path]' to the invocation."));
    }

    // A test host loads the build as a library.
    static AbsolutePath FindBuildAssembly() =>
        Assembly.GetEntryAssembly() is { } assembly && assembly.GetName().Name is not ("testhost" or "ReSharperTestRunner")
            ? assembly.Location is { Length: > 0 } location ? location : Environment.GetCommandLineArgs()[0]
            : null;

    static AbsolutePath FindProjectFile(AbsolutePath assemblyDirectory)
    {
        for (var directory = assemblyDirectory; directory is not null; directory = directory.Parent)
        {
            var projects = Directory.GetFiles(directory, "*.csproj");
            if (projects.Length > 1)
                throw new Exception($"Found multiple project files in '{directory}'.");
            if (projects.Length == 1)
                return projects[0];
        }

        return null;
    }
}
