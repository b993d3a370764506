using OpenStack.NativePackages;

namespace OpenStack.Tests.NativePackages;

/// <summary>A test that asks apk itself: skipped, and said so, where this machine has none.</summary>
sealed class ApkFactAttribute : FactAttribute
{
    public ApkFactAttribute()
    {
        if (!ApkHost.IsHere) Skip = "There is no apk on this machine to ask: not run";
    }
}
