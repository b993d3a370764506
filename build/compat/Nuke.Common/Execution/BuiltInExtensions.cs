using System.Reflection;
using Nuke.Common.CI;

namespace Nuke.Common.Execution;

/// <summary>What takes part in every build, with its place among the extensions that a build class brings.</summary>
static class BuiltInExtensions
{
    /// <summary>Highest priority first; between equals, those of the build class.</summary>
    public static IReadOnlyCollection<IBuildExtension> Of(NukeBuild build)
    {
        BuildExtensionAttributeBase[] extensions =
        [
            .. build.GetType().GetCustomAttributes<BuildExtensionAttributeBase>(),
            new ArgumentsFromParametersFileAttribute { Priority = 150 },
            new HandleReSharperSurrogateArgumentsAttribute { Priority = 150 },
            new InjectParameterValuesAttribute { Priority = 100 },
            new HandleShellCompletionAttribute { Priority = 75 },
            new GenerateBuildServerConfigurationsAttribute { Priority = 50 },
            new InvokeBuildServerConfigurationGenerationAttribute { Priority = 45 },
            new UnsetVisualStudioEnvironmentVariablesAttribute(),
            new HandlePlanRequestsAttribute { Priority = 10 },
            new HandleHelpRequestsAttribute { Priority = 5 },
            new TelemetryAttribute(),
            new HandleVisualStudioDebuggingAttribute(),
            new UpdateNotificationAttribute { Priority = 10 },
            new SerializeBuildServerStateAttribute(),
            new InjectNonParameterValuesAttribute { Priority = -100 },
            new EventInvoker { Priority = float.MinValue }
        ];
        foreach (var extension in extensions)
            extension.Build = build;
        return extensions.Order(Comparer<BuildExtensionAttributeBase>.Create((x, y) => y.Priority.CompareTo(x.Priority))).ToArray();
    }
}
