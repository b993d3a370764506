using Nuke.Common;
using Nuke.Common.Execution;
using OpenStack.Storage;

namespace OpenStack.Pipeline.Development;

/// <summary>The reference in <c>docs/</c>, which the code's own descriptions are.</summary>
interface IHazDocs : INukeBuild
{
    [Parameter("Writes docs/targets.md, parameters.md, files.md, fields.md, schemas/ and what shells complete by anew, "
        + "and does nothing else")]
    bool GenerateDocs => TryGetValue<bool?>(() => GenerateDocs) ?? false;
}

/// <summary><c>--generate-docs</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class GenerateDocsAttribute : BuildExtensionAttributeBase, IOnBuildCreated
{
    /// <summary>After parameters were read, before anything else is done with them.</summary>
    public override float Priority => 60;

    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        if (!((IHazDocs)Build).GenerateDocs) return;
        foreach (var (name, text) in new ReferenceDocs(Build.GetType(), executableTargets).Files)
        {
            AtomicFile.WriteText(Build.RootDirectory / "docs" / name, text);
            Console.WriteLine($"docs/{name}");
        }

        AtomicFile.WriteText(Build.RootDirectory / CompletionText.Place,
            new CompletionText(Build.GetType(), executableTargets).ToString());
        Console.WriteLine(CompletionText.Place);
        Environment.Exit(0);
    }
}
