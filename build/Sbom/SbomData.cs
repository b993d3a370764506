namespace OpenStack.Sbom;

/// <summary>The data files beside this code, which are part of the assembly.</summary>
static class SbomData
{
    /// <summary>Lines of a file, without comments and empty ones.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(typeof(SbomData).Assembly.GetManifestResourceStream($"Sbom.data.{name}")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#') yield return line;
        }
    }

    /// <summary>Lines <c>key = value</c>; keys compare without case.</summary>
    public static Dictionary<string, string> Map(string name) =>
        Lines(name).Select(x => x.Split(" = ", 2)).ToDictionary(x => x[0], x => x[1], StringComparer.OrdinalIgnoreCase);
}
