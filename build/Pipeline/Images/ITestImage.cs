using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Pipeline.Selection;
using OpenStack.Signing;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Images;

/// <summary>What a built image must be and do.</summary>
interface ITestImage : IBuildService, IHazTestResults
{
    Target TestImage => _ => _
        .Description("Checks the selected images against their contract, inside the image, run by the engine")
        .DependsOn<IBuildService>(x => x.BuildService)
        .Executes(async () =>
        {
            // Each image waits for its own server most of the time.
            var images = RequireServices(nameof(TestImage))
                .SelectMany(_ => Platforms, (x, y) => (Workspace: x, Platform: y)).ToList();
            var checks = (await EachAsync(images, x => x.Workspace, (x, _) => TestAsync(x.Workspace, x.Platform)))
                .SelectMany(x => x).ToList();
            Results.Table("Contracts", new TextTable(["", "image", "check"],
                [.. checks.Select(x => (string[])[x.Check.Holds ? "ok" : "FAIL", x.Image, x.Check.Name])]),
                isError: x => x[0] == "FAIL");
            TellOpenTasks(images.Select(x => x.Workspace.Component).Distinct(StringComparer.Ordinal));
            var failed = checks.Where(x => !x.Check.Holds).ToList();
            ReportSummary(x => x.AddPair("Checks", $"{checks.Count - failed.Count} passed, {failed.Count} failed"));
            FailIfAny(failed.Select(x => ((Workspace?)x.Of,
                new Problem($"{x.Image}: {x.Check.Name}: found {x.Check.Found}"))));
        });

    void WriteResult(Workspace workspace, string platform, AbsolutePath layout, IReadOnlyList<ContractCheck> checks)
    {
        var directory = Catalog.ImageDirectory(workspace.Component);
        var configuration = DescriptorsOf(ImageContract.FilesOf(directory, ImageOf(workspace, platform).Options)
            .Append(RootDirectory / "build" / "Images" / "probe.py"));
        AtomicFile.WriteText(BuiltImage.Of(workspace).TestResultOf(platform), TestResult.Of(
            SubjectOf(workspace.Component, OciLayout.Open(layout)), configuration, checks, OpenTasks.Of(directory),
            RunUrl));
    }

    /// <summary>What nobody has looked at yet is not what was found good.</summary>
    void TellOpenTasks(IEnumerable<string> services)
    {
        var tasks = services.SelectMany(x => OpenTasks.Of(Catalog.ImageDirectory(x))).ToList();
        foreach (var task in tasks) Log.Warning("To do: {Task}", task);
        if (tasks.Count > 0) ReportSummary(x => x.AddPair("To do", $"{tasks.Count}"));
    }

    async Task<IReadOnlyList<(Workspace Of, string Image, ContractCheck Check)>> TestAsync(Workspace workspace,
        string platform)
    {
        var image = ImageOf(workspace, platform);
        Inputs.Require(image.LayoutDirectory, nameof(BuildService));
        var contract = ServiceContract.Of(image, SettingsFor(platform), BasesFor(platform).Open(BaseImages.PythonBase),
            workspace.Release.EntryPointsOf(workspace.Component));
        var checks = await new ContractTest(Engine, RootDirectory / "build" / "Images" / "probe.py").RunAsync(
            OciLayout.Open(image.LayoutDirectory), platform, contract);
        var name = Platforms.Count > 1 ? $"{workspace} {platform}" : $"{workspace}";
        Log.Information("{Image}: {Count} checks, {Failed} failed", name, checks.Count, checks.Count(x => !x.Holds));
        WriteResult(workspace, platform, image.LayoutDirectory, checks);
        if (checks.Count == 0)
            throw new ProblemException($"the contract of {name} checks nothing",
                $"Write what it has to be and to do into images/{image.Service}/{ImageContract.Name}");
        return [.. checks.Select(x => (workspace, name, x))];
    }
}
