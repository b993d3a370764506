using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Processes;

namespace OpenStack.Tests.EndToEnd;

/// <summary>
/// What a user builds: with uv itself, from wheels and source distributions of an index and from repositories as they are upstream, on the
/// laboratory's engine.
/// </summary>
[Trait("Group", "Real")]
public sealed class RealImagesTests : IDisposable
{
    readonly AbsolutePath _scratch = Directory.CreateTempSubdirectory("real-").FullName;
    readonly List<RepositoryCopy> _copies = [];

    static string Selection => $"--service {string.Join(' ', RealPackages.Services)} --release {string.Join(' ', RealPackages.Releases)} --profile real --no-logo";

    public void Dispose()
    {
        _copies.ForEach(x => x.Dispose());
        Directory.Delete(_scratch, recursive: true);
    }

    /// <summary>And built once more, from nothing, elsewhere: every image is the same.</summary>
    [RealFact]
    public async Task WhatAUserBuildsKeepsItsContractIsPublishedAndRepeats()
    {
        var first = Copy();
        (await first.RunAsync($"TestImage Sbom Sign Push Verify {Selection} --registry ghcr.io/real-{Environment.ProcessId}")).ShouldSucceed();

        var second = Copy();
        // Another path, owner, time zone and umask.
        new Command("chown", "-R", "1234:1234", second.Root).RequireAsync().GetAwaiter().GetResult();
        (await second.RunMaskedAsync("077", $"BuildService {Selection} --registry ghcr.io/real-{Environment.ProcessId} --no-cache",
            ("TZ", "Asia/Kathmandu"), ("USER", "somebody"), ("HOME", _scratch))).ShouldSucceed();

        var images = Directory.GetDirectories(first.Root / "artifacts", "image", SearchOption.AllDirectories)
            .Where(x => !x.Contains("/platforms/", StringComparison.Ordinal)).Select(x => Path.GetRelativePath(first.Root, x)).ToList();
        Assert.True(images.Count > RealPackages.Services.Count, string.Join(' ', images));
        Assert.Empty(images.SelectMany(x => ImageDifference.Of(OciLayout.Open(first.Root / x), OciLayout.Open(second.Root / x)).Select(y => $"{x}: {y}")));
    }

    /// <summary>What a wheelhouse lacks is never taken from elsewhere: an error names it.</summary>
    [RealFact]
    public async Task WhatTheWheelhouseLacksIsNamed()
    {
        if (RealPackages.Directory is not { } packages) return;
        var wheelhouse = _scratch / "wheelhouse";
        Directory.CreateDirectory(wheelhouse);
        foreach (var file in Directory.GetFiles(packages / "wheels").Where(x => !Path.GetFileName(x).StartsWith("netaddr-", StringComparison.Ordinal)))
            File.Copy(file, wheelhouse / Path.GetFileName(file));
        (await Copy().RunAsync($"BuildWheels --service placement --release 2026.1 --profile real --no-logo --wheelhouse {wheelhouse}")).ShouldFail("netaddr");
    }

    /// <summary>Data of the repository, with a profile that takes an engine from the laboratory and everything else from where users have it.</summary>
    RepositoryCopy Copy()
    {
        var copy = new RepositoryCopy();
        _copies.Add(copy);
        var profile = copy.Root / ".nuke" / "parameters.real.json";
        File.Copy(copy.Root / ".nuke" / "parameters.lab.json", profile);
        RepositoryCopy.UseLab(profile);
        var parameters = JsonNode.Parse(File.ReadAllText(profile))!.AsObject();
        foreach (var name in (string[])["Pins", "RefInsteadOf", "Wheelhouse", "GitMirror", "UvImage"]) parameters.Remove(name);
        if (RealPackages.Directory is { } packages)
        {
            parameters["UvImage"] = $"{(Directory.Exists(_scratch / "uv") ? _scratch / "uv" : RealPackages.UvDirectory(_scratch))}";
            parameters["Wheelhouse"] = $"{packages / "wheels"}";
            parameters["GitMirror"] = $"{packages / "git"}";
        }

        File.WriteAllText(profile, parameters.ToJsonString());
        // Tags name the commit of the repository.
        RepositoryCopy.Git(copy.Root, "init", "--quiet", "--initial-branch=main");
        RepositoryCopy.Git(copy.Root, "add", "--all", "--force");
        RepositoryCopy.Git(copy.Root, "commit", "--quiet", "--message", "All of it");
        return copy;
    }
}
