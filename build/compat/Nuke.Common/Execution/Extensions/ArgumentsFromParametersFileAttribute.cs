using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>From here on, parameters are also looked for in files.</summary>
public class ArgumentsFromParametersFileAttribute : BuildExtensionAttributeBase, IOnBuildCreated
{
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets) =>
        Parameters.Files = new ParameterFiles(Build.RootDirectory, NukeBuild.LoadedLocalProfiles, () => ValueInjector.Of(Build.GetType()));
}
