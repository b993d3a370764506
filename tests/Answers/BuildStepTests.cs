using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Answers;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Tests.Answers;

public sealed class BuildStepTests : IDisposable
{
    static readonly BuildStep s_built = new("Patch", "nova 2025.1", StepState.Built, ["a is new: 1"]);

    static readonly BuildStep s_unknown = new("ResolveRefs", "nova 2025.1", StepState.NotKnown, ["nobody is asked"]);

    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("step-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void WhatIsNotThereIsBuiltAndNobodyLooksFurther() =>
        AssertStep(StepState.Built, ["it is not there yet"], Of(() => throw new ProblemException("no"), [s_built]));

    [Fact]
    public async Task WhatHasChangedIsBuilt()
    {
        await MakeAsync("1");
        AssertStep(StepState.Built, ["a: 1 → 2"], Of(() => With("2"), [s_built]));
        AssertStep(StepState.Built, ["--no-cache"], Of(() => With("1"), [], "--no-cache"));
    }

    [Fact]
    public async Task WhatHasNotChangedFollowsWhatHas()
    {
        await MakeAsync("1");
        AssertStep(StepState.Reused, [], Of(() => With("1"), []));
        var follows = Of(() => With("1"), [s_built, s_unknown]);
        AssertStep(StepState.Follows, ["Patch of nova 2025.1"], follows);
        AssertStep(StepState.Follows, ["Test of it"], Of(() => With("1"), [follows]));
        AssertStep(StepState.Follows, ["Patch of nova 2025.1"], Of(() => throw new ProblemException("no"), [s_built]));
    }

    /// <summary>As far as it is known: whoever is to be asked may say otherwise.</summary>
    [Fact]
    public async Task WhatIsNotKnownIsToldToTheEnd()
    {
        await MakeAsync("1");
        const string unless = "unless ResolveRefs of nova 2025.1 finds something else";
        var reused = Of(() => With("1"), [s_unknown]);
        AssertStep(StepState.Reused, [unless], reused);
        AssertStep(StepState.Reused, [unless], Of(() => With("1"), [reused, s_unknown]));
        AssertStep(StepState.NotKnown, ["no. Look"], Of(() => throw new ProblemException("no", "Look"), []));
    }

    [Fact]
    public Task PeopleReadWhatIsAlikeInARow() => Verify(string.Concat(Explanation.Table.Lines.Select(x => $"{x}\n"))
        + $"\n{Explanation.Summary}\n");

    [Fact]
    public void ProgramsReadAllOfIt()
    {
        var steps = JsonNode.Parse(Explanation.ToJson())!.AsArray();
        Assert.Equal(Explanation.Steps.Count, steps.Count);
        Assert.Equal("""{"target":"Patch","subject":"nova 2025.1","state":"built","because":["a is new: 1"],"""
            + "\"seconds\":130.5,\"together\":2}", steps[0]!.ToJsonString());
        Assert.Equal("notKnown", $"{steps[1]!["state"]}");
    }

    static BuildExplanation Explanation => new(
    [
        s_built with { Seconds = 130.5, Together = 2 }, s_unknown,
        .. new[] { "a", "b", "c", "d", "e" }.Select(x => new BuildStep("BuildService", $"{x} 2025.1",
            StepState.Reused, []) { Seconds = 10, Together = 5 }),
        new("BuildWheels", "nova 2025.1", StepState.Follows, ["Patch of nova 2025.1"]),
    ]);

    static void AssertStep(StepState state, string[] because, BuildStep step)
    {
        Assert.Equal(because, step.Because);
        Assert.Equal(state, step.State);
    }

    BuildStep Of(Func<Stage> stage, IReadOnlyList<BuildStep> after, string? again = null) =>
        BuildStep.Of("Test", "it", new Stage(_directory / "out", new StageInputs()), stage, after, again);

    Stage With(string value) => new(_directory / "out", new StageInputs().Add("a", value));

    Task<bool> MakeAsync(string value) => With(value).MakeAsync(x =>
    {
        File.WriteAllText(x, "");
        return Task.CompletedTask;
    });
}
