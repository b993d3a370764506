using Nuke.Common.Utilities;

namespace OpenStack.Workflows;

/// <summary>What NUKE's writer does not know of YAML.</summary>
static class Yaml
{
    /// <summary>A mapping of texts, or nothing where it is empty. A text of several lines becomes a block.</summary>
    public static void WriteMap(this CustomFileWriter writer, string name,
        IEnumerable<(string Key, string Value)> entries)
    {
        var given = entries.ToList();
        if (given.Count == 0) return;
        writer.WriteLine($"{name}:");
        using (writer.Indent())
        {
            foreach (var (key, value) in given)
            {
                if (!value.Contains('\n', StringComparison.Ordinal))
                {
                    writer.WriteLine($"{key}: {value}");
                    continue;
                }

                writer.WriteLine($"{key}: |");
                using (writer.Indent())
                {
                    foreach (var line in value.Split('\n')) writer.WriteLine(line);
                }
            }
        }
    }
}
