using System.Text.Json.Nodes;
using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using Serilog;

namespace OpenStack.Pipeline.Images;

/// <summary>What a built image must be and do.</summary>
interface ITestImage : IBuildService
{
    Target TestImage => _ => _
        .Description("Checks the selected images against their contract, inside the image, run by the engine")
        .DependsOn<IBuildService>(x => x.BuildService)
        .Executes(async () =>
        {
            // Each image waits for its own server most of the time.
            var checks = (await Problems.CollectAsync(RequireServices(nameof(TestImage)).SelectMany(_ => Platforms,
                (x, y) => (Workspace: x, Platform: y)), async (image, _) =>
            {
                var name = Platforms.Count > 1 ? $"{image.Workspace} {image.Platform}" : $"{image.Workspace}";
                var ofImage = await TestAsync(ImageOf(image.Workspace, image.Platform), image.Platform, image.Workspace.Release.EntryPointsOf(image.Workspace.Component));
                Log.Information("{Image}: {Count} checks, {Failed} failed", name, ofImage.Count, ofImage.Count(x => !x.Holds));
                if (ofImage.Count == 0)
                    throw new ProblemException($"the contract of {name} checks nothing", "Write what it has to be "
                        + $"and to do into images/{image.Workspace.Component}/{ImageContract.Name}");
                return ofImage.Select(x => (Image: name, Check: x));
            })).SelectMany(x => x).ToList();
            Results.Table("Contracts", new TextTable(["", "image", "check"], [.. checks.Select(x => (string[])[x.Check.Holds ? "ok" : "FAIL", x.Image, x.Check.Name])]), isError: x => x[0] == "FAIL");
            var failed = checks.Where(x => !x.Check.Holds).ToList();
            ReportSummary(x => x.AddPair("Checks", $"{checks.Count - failed.Count} passed, {failed.Count} failed"));
            ProblemException.ThrowIfAny([.. failed.Select(x => new Problem($"{x.Image}: {x.Check.Name}: found {x.Check.Found}"))]);
        });

    async Task<IReadOnlyList<ContractCheck>> TestAsync(ServiceImage image, string platform, EntryPoints? entryPoints)
    {
        Inputs.Require(image.LayoutDirectory, nameof(BuildService));
        var name = $"openstack-images/{image.Service}:{image.Release}-{PlatformName.ForFiles(platform)}";
        var contract = ImageContract.Read(SettingsFor(platform).DirectoryOf(image.Service), new Dictionary<string, string> { ["version"] = image.Version, ["release"] = image.Release });
        contract["distribution"] = image.Distribution;
        contract["user"] = new JsonObject { ["home"] = $"/var/lib/{image.Service}", ["shell"] = image.Data.Shell };
        contract["setuid"] = Texts(image.Data.SetuidPrograms);
        contract["directories"] = Texts([$"/etc/{image.Service}", $"/var/lib/{image.Service}", $"/var/log/{image.Service}", .. image.Data.Directories]);
        if (entryPoints is not null)
        {
            contract["scripts"] = Texts(entryPoints.Scripts);
            contract["wsgi"] = Texts(entryPoints.Wsgi);
        }

        var bases = BasesFor(platform).Open(BaseImages.PythonBase);
        var labels = ImageLabels.Of(image.Service, image.EpochOn(bases), SettingsFor(platform).PythonBaseName, bases.Digest, image.Version, image.Revision, image.Remote);
        return await new ContractTest(Engine, RootDirectory / "build" / "Images" / "probe.py").RunAsync(
            OciLayout.Open(image.LayoutDirectory), platform, name, contract, labels, (image.Distribution, image.Version),
            [.. UpperConstraints.Read(image.ConstraintsDirectory / "constraints.txt", "constraints.txt").Pins]);
    }

    static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(x => JsonValue.Create(x))];
}
