using System.Runtime.CompilerServices;
using Nuke.Common.IO;

namespace OpenStack.Tests;

/// <summary>The repository that the tests were compiled from.</summary>
static class RepositoryRoot
{
    public static AbsolutePath Path { get; } = Locate();

    static AbsolutePath Locate([CallerFilePath] string file = "") => System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, ".."));
}
