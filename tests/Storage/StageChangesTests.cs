using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Tests.Storage;

/// <summary>Why an output is made again, in the words of its record, and how long that took.</summary>
public sealed class StageChangesTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("stage-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task ChangesAreToldByTheNamesOfTheInputs()
    {
        var made = Of(("a.digest", $"sha256:{new string('1', 64)}"), ("arg.PACKAGES", "a b c"), ("gone", "1"),
            ("same", "x"));
        await made.MakeAsync(Make);
        Assert.Empty(made.ChangesSinceMade());
        Assert.Equal(["a.digest: sha256:111111111111 → sha256:222222222222", "arg.PACKAGES: +d -b", "gone is gone: 1",
            "new is new: 2"],
            Of(("a.digest", $"sha256:{new string('2', 64)}"), ("arg.PACKAGES", "a c d"), ("new", "2"), ("same", "x"))
                .ChangesSinceMade());
    }

    [Fact]
    public async Task WhatIsTheSameAndWrittenOtherwiseIsToldSo()
    {
        var stage = Of(("arg.PACKAGES", "a b"));
        await stage.MakeAsync(Make);
        Assert.Equal(["arg.PACKAGES: in another order"], Of(("arg.PACKAGES", "b a")).ChangesSinceMade());
        File.AppendAllText(stage.InputsFile, "\n");
        Assert.Equal(["its record is not as it is written now"], stage.ChangesSinceMade());
        File.WriteAllText(stage.InputsFile, "[");
        Assert.Throws<ProblemException>(stage.ChangesSinceMade);
    }

    [Fact]
    public async Task ItIsKnownHowLongItTook()
    {
        var stage = Of(("a", "1"));
        Assert.Null(StageDuration.Read(stage));
        await Stage.MakeAllAsync([stage, stage with { Output = _directory / "other", InputsFile =
            _directory / "inputs.json" }], async work =>
        {
            await Task.Delay(30);
            foreach (var (_, aside) in work) File.WriteAllText(aside, "");
        });
        var duration = StageDuration.Read(stage)!;
        Assert.Equal(2, duration.Outputs);
        Assert.InRange(duration.Seconds, 0.02, 60);
        Assert.True(File.Exists(_directory / "took.json"));
        foreach (var text in (string[])["", "{}", "{\"seconds\": \"x\", \"outputs\": 1}",
            "{\"seconds\": 1, \"outputs\": 0}"])
        {
            File.WriteAllText(_directory / "out.took.json", text);
            Assert.Null(StageDuration.Read(stage));
        }
    }

    Stage Of(params (string Name, string Value)[] inputs) =>
        new(_directory / "out", inputs.Aggregate(new StageInputs(), (x, y) => x.Add(y.Name, y.Value)));

    static Task Make(AbsolutePath aside)
    {
        File.WriteAllText(aside, "");
        return Task.CompletedTask;
    }
}
