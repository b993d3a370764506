using Nuke.Common.Utilities;

namespace Nuke.Common.CI.GitHubActions.Configuration;

/// <summary>A step of a job.</summary>
public abstract class GitHubActionsStep : ConfigurationEntity;

/// <summary>Checks the repository out.</summary>
public class GitHubActionsCheckoutStep : GitHubActionsStep
{
    public GitHubActionsSubmodules? Submodules { get; set; }
    public bool? Lfs { get; set; }
    public uint? FetchDepth { get; set; }
    public bool? Progress { get; set; }
    public string Filter { get; set; }

    public override void Write(CustomFileWriter writer)
    {
        writer.WriteLine("- uses: actions/checkout@v6");
        (string Name, string Value)[] inputs =
        [
            ("submodules", Submodules?.ToString().ToLowerInvariant()),
            ("lfs", Lfs?.ToString().ToLowerInvariant()),
            ("fetch-depth", FetchDepth?.ToString()),
            ("progress", Progress?.ToString().ToLowerInvariant()),
            ("filter", Filter)
        ];
        var given = inputs.Where(x => !string.IsNullOrWhiteSpace(x.Value)).ToArray();
        if (given.Length == 0)
            return;
        using (writer.Indent())
        {
            writer.WriteLine("with:");
            using (writer.Indent())
            {
                foreach (var (name, value) in given)
                    writer.WriteLine($"{name}: {value}");
            }
        }
    }
}

/// <summary>Keeps files between runs.</summary>
public class GitHubActionsCacheStep : GitHubActionsStep
{
    public string[] IncludePatterns { get; set; }
    public string[] ExcludePatterns { get; set; }

    /// <summary>When these change, the cache is another one.</summary>
    public string[] KeyFiles { get; set; }

    public override void Write(CustomFileWriter writer)
    {
        writer.WriteLine("- name: " + $"Cache: {string.Join(", ", IncludePatterns)}".SingleQuote());
        using (writer.Indent())
        {
            writer.WriteLine("uses: actions/cache@v4");
            writer.WriteLine("with:");
            using (writer.Indent())
            {
                writer.WriteLine("path: |");
                foreach (var pattern in IncludePatterns.Concat(ExcludePatterns.Select(x => $"!{x}")))
                    writer.WriteLine($"  {pattern}");
                writer.WriteLine($"key: ${{{{ runner.os }}}}-${{{{ hashFiles({string.Join(", ", KeyFiles.Select(x => x.SingleQuote()))}) }}}}");
            }
        }
    }
}

/// <summary>Runs targets of the build.</summary>
public class GitHubActionsRunStep : GitHubActionsStep
{
    public string BuildCmdPath { get; set; }
    public string[] InvokedTargets { get; set; }

    /// <summary>Environment variables.</summary>
    public Dictionary<string, string> Imports { get; set; }

    public override void Write(CustomFileWriter writer)
    {
        writer.WriteLine("- name: " + $"Run: {string.Join(", ", InvokedTargets)}".SingleQuote());
        writer.WriteLine($"  run: ./{BuildCmdPath} {string.Join(' ', InvokedTargets)}");
        if (Imports.Count == 0)
            return;
        using (writer.Indent())
        {
            writer.WriteLine("env:");
            using (writer.Indent())
            {
                foreach (var (name, value) in Imports)
                    writer.WriteLine($"{name}: {value}");
            }
        }
    }
}

/// <summary>Uploads a file or directory.</summary>
public class GitHubActionsArtifactStep : GitHubActionsStep
{
    public string Name { get; set; }
    public string Path { get; set; }
    public string Condition { get; set; }

    public override void Write(CustomFileWriter writer)
    {
        writer.WriteLine("- name: " + $"Publish: {Name}".SingleQuote());
        writer.WriteLine("  uses: actions/upload-artifact@v5");
        using (writer.Indent())
        {
            if (!string.IsNullOrWhiteSpace(Condition))
                writer.WriteLine($"if: {Condition}");
            writer.WriteLine("with:");
            using (writer.Indent())
            {
                writer.WriteLine($"name: {Name}");
                writer.WriteLine($"path: {Path}");
            }
        }
    }
}
