using System.Diagnostics;
using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.Tooling;
using Nuke.Common.Utilities.Collections;

namespace Nuke.Common.Execution;

/// <summary>A target, what it depends on and how far it is.</summary>
[DebuggerDisplay("{Name} ({Status})")]
public class ExecutableTarget
{
    public MemberInfo Member { get; set; }
    public string Name { get; set; }
    public string Description { get; set; }
    public bool Listed { get; set; }
    public Delegate Factory { get; set; }
    public List<(string Text, Func<bool> Delegate)> DynamicConditions { get; internal set; } = [];
    public List<(string Text, Func<bool> Delegate)> StaticConditions { get; internal set; } = [];
    public DependencyBehavior DependencyBehavior { get; internal set; }
    public bool AssuredAfterFailure { get; internal set; }
    public bool ProceedAfterFailure { get; internal set; }
    public List<LambdaExpression> DelegateRequirements { get; internal set; } = [];
    public List<ToolRequirement> ToolRequirements { get; internal set; } = [];
    public List<Action> Actions { get; internal set; } = [];

    /// <summary>They run, and before this one.</summary>
    public List<ExecutableTarget> ExecutionDependencies { get; } = [];

    /// <summary>They run before this one if they run.</summary>
    public List<ExecutableTarget> OrderDependencies { get; } = [];

    /// <summary>They make this one run, after them.</summary>
    public List<ExecutableTarget> TriggerDependencies { get; } = [];

    /// <summary>The reverse of <see cref="TriggerDependencies"/>.</summary>
    public List<ExecutableTarget> Triggers { get; } = [];

    public IReadOnlyCollection<ExecutableTarget> AllDependencies => [.. ExecutionDependencies, .. OrderDependencies, .. TriggerDependencies];

    public LookupTable<ExecutableTarget, string> ArtifactDependencies { get; internal set; } = new();
    public List<string> ArtifactProducts { get; internal set; } = [];
    public int? PartitionSize { get; set; }
    public TimeSpan Duration => Stopwatch.Elapsed;
    public bool IsDefault { get; set; }
    public ExecutionStatus Status { get; set; }

    /// <summary>Named on the command line, which protects it from being skipped.</summary>
    public bool Invoked { get; set; }

    /// <summary>What the summary says of the target.</summary>
    public Dictionary<string, string> SummaryInformation { get; internal set; } = [];

    /// <summary>Why it was skipped, unless by a condition.</summary>
    public string Skipped
    {
        get => SummaryInformation.GetValueOrDefault(nameof(Skipped));
        set => Note(nameof(Skipped), value);
    }

    /// <summary>The conditions that did not hold.</summary>
    public string OnlyWhen
    {
        get => SummaryInformation.GetValueOrDefault(nameof(OnlyWhen));
        set => Note(nameof(OnlyWhen), value);
    }

    internal TargetDefinition Definition { get; set; }
    internal Stopwatch Stopwatch { get; } = new();

    void Note(string key, string value)
    {
        if (value is not null)
            SummaryInformation[key] = value;
    }
}
