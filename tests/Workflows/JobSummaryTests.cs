using System.Text;
using Nuke.Common.IO;
using OpenStack.Workflows;

namespace OpenStack.Tests.Workflows;

public sealed class JobSummaryTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("summary-").FullName;

    AbsolutePath File => _directory / "summary.md";

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void SectionsFollowEachOther()
    {
        var summary = new JobSummary(File);
        summary.Append("### One\n");
        summary.Append("### Zwei: ä\n");
        Assert.Equal("### One\n\n### Zwei: ä\n", Text);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("ä→")]
    public void WhatGitHubWouldNotTakeIsCutAfterAWholeLineWithAWord(string character)
    {
        var summary = new JobSummary(File);
        var line = string.Concat(Enumerable.Repeat(character, 100)) + "\n";
        var lines = 0;
        for (; Encoding.UTF8.GetByteCount(line) * lines < JobSummary.Limit / 3; lines += 1000)
            summary.Append(string.Concat(Enumerable.Repeat(line, 1000)));
        summary.Append($"<details>\n\n{string.Concat(Enumerable.Repeat(line, 12_000))}\n</details>\n");
        Assert.InRange(new FileInfo(File).Length, JobSummary.Limit - 1000, JobSummary.Limit);
        Assert.EndsWith($"{line}\n</details>\n\n**Here it is cut: a step may have 1 MiB. The log has everything.**\n",
            Text, StringComparison.Ordinal);
        var before = Text;
        summary.Append("more\n");
        Assert.Equal(before, Text);
    }

    /// <summary>Whatever there was before, the word about the cut fits.</summary>
    [Fact]
    public void NoLengthIsTooMuch()
    {
        for (var rest = 0; rest < 120; rest++)
        {
            System.IO.File.WriteAllText(File, "");
            var summary = new JobSummary(File);
            summary.Append(new string('x', JobSummary.Limit - 120 + rest) + "\n");
            summary.Append("y\n");
            Assert.InRange(new FileInfo(File).Length, 60, JobSummary.Limit);
            Assert.True(Text.EndsWith("y\n", StringComparison.Ordinal)
                || Text.EndsWith("everything.**\n", StringComparison.Ordinal));
        }
    }

    string Text => System.IO.File.ReadAllText(File);
}
