using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Tests.Sources;

/// <summary>A series on a commit of an upstream: what CheckPatches says of it, and what Patch makes of it.</summary>
/// <param name="mirror">Of the upstream.</param>
/// <param name="patches">Directory of the series.</param>
/// <param name="scratch">For trees; need not be there.</param>
sealed class PatchTrial(Mirror mirror, string commit, AbsolutePath patches, AbsolutePath scratch)
{
    readonly ResolvedRef _source = new("keystone", "https://example.org/keystone", "master", RefKind.Branch, commit);

    readonly PatchSeries _series =
        new("keystone", "2025.1",
        [.. Directory.GetFiles(patches).Order(StringComparer.Ordinal).Select(x => (AbsolutePath)x)]);

    public async Task<IReadOnlyList<PatchVerdict>> CheckAsync() =>
        (await new PatchCheck(mirror, _source, _series).RunAsync()).Patches;

    /// <summary>The sealed tree and the id of its tree in git, or what is wrong with the series.</summary>
    public async Task<(SealedTree? Tree, string? Id, IReadOnlyList<Problem> Problems)> PatchAsync()
    {
        await Removal.RemoveAsync(scratch);
        await Checkout.WriteAsync(mirror, commit, scratch / "tree");
        var source = new SourceTree(_source, DateTimeOffset.UnixEpoch, "keystone", "1");
        try
        {
            var made = await SealedTree.MakeAsync(source, scratch / "tree", _series, scratch / "sealed");
            var id = await new Command("git", "-C", scratch / "sealed", "rev-parse", "HEAD^{tree}").RequireAsync();
            return (made, id.Text, []);
        }
        catch (ProblemException e)
        {
            Assert.False(Removal.IsThere(scratch / "sealed"));
            return (null, null, e.Problems);
        }
    }

    /// <summary>Both refuse it, with the same words at the same lines.</summary>
    /// <returns>What is wrong, as <c>line: found</c>.</returns>
    public async Task<IReadOnlyList<string>> RefuseAsync()
    {
        var verdicts = (await CheckAsync()).Where(x => x.State == PatchState.Invalid).ToList();
        var problems = (await PatchAsync()).Problems;
        Assert.Equal(verdicts.SelectMany(x => x.Reasons), problems.Select(x => (x with { File = null }).ToString()));
        Assert.Equal(verdicts.Select(x => x.Line).Where(x => x > 0).Distinct().Take(1), problems.Select(x => x.Line)
            .Where(x => x > 0).Take(1));
        Assert.All(problems, x => Assert.False(x.Expected is null && x.Remedy is null));
        return [.. problems.Select(x => $"{x.Line}: {x.Found}")];
    }
}
