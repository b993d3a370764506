using Nuke.Common.ValueInjection;

namespace Nuke.Common.CI;

static class BuildServerConfigurationGeneration
{
    /// <summary>Whether the process was started to generate one file and nothing else.</summary>
    public static bool IsActive { get; } = Parameters.Get<string>(Parameters.GenerateConfiguration) is not null;
}
