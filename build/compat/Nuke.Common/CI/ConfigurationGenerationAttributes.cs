using System.Reflection;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.ValueInjection;
using Serilog;

namespace Nuke.Common.CI;

/// <summary>Finds the generators on the build class.</summary>
public class BuildServerConfigurationGenerationAttributeBase : BuildExtensionAttributeBase
{
    protected static IEnumerable<IConfigurationGenerator> GetGenerators(INukeBuild build)
    {
        foreach (var attribute in build.GetType().GetCustomAttributes<ConfigurationAttributeBase>())
        {
            attribute.Build = build;
            yield return attribute;
        }
    }
}

/// <summary>Generates the file asked for on the command line and ends the process.</summary>
public class GenerateBuildServerConfigurationsAttribute : BuildServerConfigurationGenerationAttributeBase, IOnBuildCreated
{
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        if (Parameters.Get<string>(Parameters.GenerateConfiguration) is not { } id)
            return;
        var generators = GetGenerators(Build).Where(x => x.Id == id).ToArray();
        if (generators.Length > 1)
            throw new Exception($"Found multiple {nameof(IConfigurationGenerator)} with same ID '{id}'.");
        generators.FirstOrDefault().NotNull("generator != null").Generate(executableTargets);
        Environment.Exit(0);
    }
}

/// <summary>
/// Keeps generated files up to date in every local build. The original starts a process for each; here it is done in this one,
/// which takes milliseconds.
/// </summary>
public class InvokeBuildServerConfigurationGenerationAttribute : BuildServerConfigurationGenerationAttributeBase, IOnBuildCreated
{
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        if (Build.IsServerBuild)
            return;
        var changed = GetGenerators(Build).Where(x => x.AutoGenerate).Count(x => Changes(x, executableTargets));
        if (changed == 0 || Build.Help || Console.IsInputRedirected)
            return;
        Host.Information("Press any key to continue ...");
        Console.ReadKey();
    }

    bool Changes(IConfigurationGenerator generator, IReadOnlyCollection<ExecutableTarget> targets)
    {
        var files = generator.GeneratedFiles.ToArray();
        foreach (var file in files)
            file.Parent.CreateDirectory();
        var before = files.Select(ContentOf).ToArray();
        generator.Generate(targets);
        foreach (var target in targets)
        {
            target.Invoked = false;
            target.Status = ExecutionStatus.None;
        }

        var changed = files.Where((x, i) => ContentOf(x) != before[i]).ToArray();
        if (changed.Length == 0)
            return false;
        Log.Warning("Configuration files for {Configuration} have changed.", generator.DisplayName);
        foreach (var file in changed)
            Log.Verbose("Updated {File}", Build.RootDirectory.GetRelativePathTo(file));
        return true;
    }

    static string ContentOf(AbsolutePath file) => file.FileExists() ? File.ReadAllText(file) : null;
}

/// <summary>Lets the generator for the running host keep what it needs for its next process.</summary>
sealed class SerializeBuildServerStateAttribute : BuildServerConfigurationGenerationAttributeBase, IOnBuildFinished
{
    public void OnBuildFinished() => GetGenerators(Build).FirstOrDefault(x => x.HostType == Build.Host.GetType())?.SerializeState();
}
