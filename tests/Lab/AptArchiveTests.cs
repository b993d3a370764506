using OpenStack.Diagnostics;
using OpenStack.Lab;
using OpenStack.Packages;

namespace OpenStack.Tests.Lab;

/// <summary>With the host's real apt.</summary>
[Trait("Group", "Lab")]
public sealed class AptArchiveTests
{
    [Fact]
    public async Task An_unreachable_mirror_is_one_sentence_and_the_place_of_the_log()
    {
        using var directory = new TemporaryDirectory();
        var log = new StepLog(directory.Path / "log", "lists");
        var archive = new AptArchive(directory.Path / "apt",
            [new AptSource("http://127.0.0.1:1/debian", "trixie")], "amd64");
        var problem = await Assert.ThrowsAsync<ProblemException>(() => archive.UpdateAsync(log, default));
        Assert.StartsWith("The package lists of http://127.0.0.1:1/debian for trixie cannot be read (E: ",
            problem.Message, StringComparison.Ordinal);
        Assert.EndsWith($"See {log.File}", problem.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", File.ReadAllText(log.File), StringComparison.Ordinal);
    }
}
