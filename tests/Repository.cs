using System.Runtime.CompilerServices;
using Nuke.Common.IO;

namespace OpenStack.Tests;

/// <summary>The repository that the tests were compiled from.</summary>
static class Repository
{
    public static AbsolutePath Root { get; } = Locate();

    static AbsolutePath Locate([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, ".."));
}
