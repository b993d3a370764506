using Nuke.Common.IO;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>Keeps <c>.nuke/build.schema.json</c>, which editors and shells complete from, up to date.</summary>
sealed class HandleShellCompletionAttribute : BuildExtensionAttributeBase, IOnBuildCreated
{
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        if (CI.BuildServerConfigurationGeneration.IsActive)
            return;
        if (Build.BuildProjectFile is not null)
        {
            var directory = Build.RootDirectory / ".nuke";
            Update(directory / "build.schema.json", SchemaUtility.GetJsonString(Build));
            var parameters = directory / "parameters.json";
            if (!parameters.FileExists())
                parameters.WriteAllText("{\n  \"$schema\": \"./build.schema.json\"\n}");
        }

        if (Parameters.Get<bool>(Parameters.ShellCompletion))
            Environment.Exit(0);
    }

    // Left alone if it is right: other processes read it, and editors watch it.
    static void Update(AbsolutePath file, string content)
    {
        content += "\n";
        if (file.FileExists() && File.ReadAllText(file) == content)
            return;
        AbsolutePath aside = $"{file}.{Environment.ProcessId}.tmp";
        File.WriteAllText(aside, content);
        File.Move(aside, file, overwrite: true);
    }
}
