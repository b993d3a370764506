using System.Runtime.CompilerServices;

namespace OpenStack.Tests.Compat.Api;

/// <summary>
/// The stand-ins have the members of NUKE 10.1.0 that <c>nuke-api.txt</c> lists, and no other. What the list has comes
/// from the surface of the original, so this is what lets the build compile against either.
/// </summary>
public sealed class ApiTests
{
    [Theory]
    [InlineData("Nuke.Common")]
    [InlineData("Nuke.Components")]
    public void TheStandInHasTheSurfaceOfTheOriginal(string assembly)
    {
        var listed = File.ReadAllLines(ListFile())
            .Where(x => x.Length > 0 && x[0] != '#' && IsOf(assembly, x))
            .ToArray();
        var actual = ApiListing.Of(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));

        Assert.Empty(actual.Except(listed));
        Assert.Empty(listed.Except(actual));
    }

    static bool IsOf(string assembly, string line) =>
        line[2..].StartsWith("Nuke.Components.", StringComparison.Ordinal) == (assembly == "Nuke.Components");

    static string ListFile([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "nuke-api.txt");
}
