using System.Text.Json;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Holdings;

/// <summary>The answer.</summary>
/// <param name="Asked">What was asked.</param>
/// <param name="Images">How many platforms of images were looked at.</param>
/// <param name="Holdings">What is known of them, and of which nothing is.</param>
public sealed record HoldingReport(string Asked, int Images, Holding[] Holdings)
{
    /// <summary>Those that lack it first, then those of which nothing is known.</summary>
    public static HoldingReport Of(Question question, ImageHoldings images, IReadOnlyList<Holding> answers) =>
        new($"{question}", images.Found.Count, [.. answers.Concat(images.Unknown).OrderBy(x => x.State switch
        {
            HoldingState.Lacks => 0,
            HoldingState.Unknown => 1,
            _ => 2,
        })]);

    public TextTable Table => new(["image", "tags", "platform", "component", "version", "state", "because"],
        [.. Holdings.Select(x => (string[])[x.Image, string.Join(' ', x.Tags), x.Platform, x.Component, x.Version,
            Word(x.State), x.Because])]);

    public string Summary => $"{Count(HoldingState.Has)} have it, {Count(HoldingState.Lacks)} lack it, "
        + $"{Count(HoldingState.Unknown)} not known, of {Images} images";

    /// <summary>What is a failure, where one is asked for.</summary>
    public IReadOnlyList<Problem> ProblemsOf(HoldingState state) =>
        [.. Holdings.Where(x => x.State == state).Select(x => new Problem(
            $"{NameOf(x)}: {Word(state)}, {x.Because}"))];

    public string ToJson() =>
        ReadableJson.Text(JsonSerializer.SerializeToNode(this, HoldingsJson.Default.HoldingReport)!);

    static string NameOf(Holding x) => string.Join(' ',
        new[] { x.Image, x.Tags is [var tag, ..] ? tag : "", x.Platform, x.Component, x.Version }
            .Where(y => y.Length > 0));

    int Count(HoldingState state) => Holdings.Count(x => x.State == state);

    static string Word(HoldingState state) => state switch
    {
        HoldingState.Has => "has it",
        HoldingState.Lacks => "lacks it",
        _ => "not known",
    };
}
