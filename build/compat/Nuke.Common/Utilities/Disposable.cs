namespace Nuke.Common.Utilities;

/// <summary>An action at the end of a using block.</summary>
sealed class Disposable(Action dispose) : IDisposable
{
    public void Dispose() => dispose();
}
