namespace Nuke.Common.Execution;

/// <summary>A target failed, which has been logged.</summary>
sealed class TargetExecutionException(string target, Exception inner) : Exception($"Target '{target}' has thrown an exception.", inner);
