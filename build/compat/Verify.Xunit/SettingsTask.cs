using System.Runtime.CompilerServices;

namespace VerifyTests;

/// <summary>A verification to be awaited.</summary>
public class SettingsTask
{
    readonly Task<VerifyResult> _task;

    internal SettingsTask(Task<VerifyResult> task) => _task = task;

    public Task<VerifyResult> ToTask() => _task;

    public TaskAwaiter<VerifyResult> GetAwaiter() => _task.GetAwaiter();

    public static implicit operator Task(SettingsTask settingsTask) => settingsTask._task;
}
