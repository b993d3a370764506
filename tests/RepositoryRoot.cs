using System.Reflection;
using System.Runtime.CompilerServices;
using Nuke.Common.IO;

namespace OpenStack.Tests;

/// <summary>The repository that the tests were compiled from.</summary>
static class RepositoryRoot
{
    public static AbsolutePath Path { get; } = Locate();

    /// <summary>The compiled build with what it needs: beside the tests is what the tests need.</summary>
    public static AbsolutePath Build { get; } = System.IO.Path.GetFullPath(
        typeof(RepositoryRoot).Assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(x => x.Key == "Build").Value!);

    static AbsolutePath Locate([CallerFilePath] string file = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, ".."));
}
