using System.Diagnostics.CodeAnalysis;

/// <summary>Runs the sample build that the environment variable names, as if each were a program of its own.</summary>
[SuppressMessage("Design", "CA1052", Justification = "The entry point.")]
class Program
{
    static int Main() => Environment.GetEnvironmentVariable("SAMPLE_BUILD") switch
    {
        "Plain" => PlainBuild.Run(),
        "Failing" => FailingBuild.Run(),
        "Cyclic" => CyclicBuild.Run(),
        "Parameters" => ParametersBuild.Run(),
        "Components" => ComponentsBuild.Run(),
        "Workflow" => WorkflowBuild.Run(),
        "Tools" => ToolsBuild.Run(),
        var other => throw new ArgumentException($"There is no sample '{other}'.")
    };
}
