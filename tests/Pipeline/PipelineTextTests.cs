using Nuke.Common.Execution;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Start;

namespace OpenStack.Tests.Pipeline;

public class PipelineTextTests
{
    [Fact]
    public Task ThePlanReadsOnATerminal()
    {
        var resolve = new ExecutableTarget { Name = "ResolveRefs", Description = "Resolves refs" };
        var lab = new ExecutableTarget { Name = "LabUp" };
        lab.StaticConditions.Add(("() => Lab", () => false));
        resolve.ExecutionDependencies.Add(lab);
        return Verify(ExecutionPlanText.Of([lab, resolve]));
    }

    [Fact]
    public void TheContractsOfTheRepositoryAreRead()
    {
        foreach (var file in Directory.EnumerateFiles(RepositoryRoot.Path / "images", "contract.yaml",
            SearchOption.AllDirectories))
        {
            var contract = ImageContract.Read(Path.GetDirectoryName(file)!,
                new Dictionary<string, string> { ["version"] = "27.0.0" });
            Assert.DoesNotContain("{version}", contract.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AMistakeInAContractIsNamedWithItsPlace()
    {
        var directory = Directory.CreateTempSubdirectory();
        File.WriteAllText(Path.Combine(directory.FullName, "contract.yaml"),
            "files: [a.b]\nserve:\n  - requsts: []\ncomands: []\n");
        var problems = Assert.Throws<ProblemException>(() =>
            ImageContract.Read(directory.FullName, new Dictionary<string, string>())).Problems;
        Assert.Equal([(3, "'requsts' is not known here"), (3, "there is no 'start'"), (3, "there is no 'requests'"),
            (4, "'comands' is not known here")], problems.Select(x => (x.Line, x.Found)));
        Assert.Equal("Did you mean 'requests'?", problems[0].Remedy);
        directory.Delete(recursive: true);
    }
}
