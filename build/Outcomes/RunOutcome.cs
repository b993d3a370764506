using System.Text.Json.Nodes;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Outcomes;

/// <summary>What has become of the images of a run; several may fail at the same time.</summary>
public sealed class RunOutcome
{
    readonly Lock _lock = new();
    readonly Dictionary<ReleasedComponent, (string Target, IReadOnlyList<Problem> Problems)> _failed = [];
    readonly Dictionary<ReleasedComponent, bool> _built = [];
    IReadOnlyList<(ReleasedComponent Image, IReadOnlyList<ReleasedComponent> MadeOf)> _images = [];

    /// <summary>Whether anything has failed.</summary>
    public bool HasFailed
    {
        get
        {
            lock (_lock) return _failed.Count > 0;
        }
    }

    /// <summary>Whether the run works on images at all.</summary>
    public bool HasImages => _images.Count > 0;

    /// <summary>The signal that ended the run; null where none did.</summary>
    public string? Signal { get; set; }

    /// <summary>The images that the run is about; what was told first counts.</summary>
    /// <param name="images">Each with the libraries and plugins that are built from source for it.</param>
    public void Take(Func<IReadOnlyList<(ReleasedComponent Image, IReadOnlyList<ReleasedComponent> MadeOf)>> images)
    {
        lock (_lock)
            if (_images.Count == 0) _images = images();
    }

    /// <summary>Whether it has failed itself.</summary>
    public bool IsFailed(ReleasedComponent component)
    {
        lock (_lock) return _failed.ContainsKey(component);
    }

    /// <summary>A component has failed; more that is wrong with it is added in the same target alone.</summary>
    public void Fail(ReleasedComponent component, string target, IReadOnlyList<Problem> problems)
    {
        lock (_lock)
        {
            if (!_failed.TryGetValue(component, out var before)) _failed.Add(component, (target, problems));
            else if (before.Target == target) _failed[component] = (target, [.. before.Problems.Union(problems)]);
        }
    }

    /// <summary>An image is there; of several platforms, one that was built makes it built.</summary>
    public void Have(ReleasedComponent image, bool isBuilt)
    {
        lock (_lock) _built[image] = isBuilt || _built.GetValueOrDefault(image);
    }

    /// <summary>What has failed that is no image, and then the images, in the order of the selection.</summary>
    /// <param name="isComplete">Whether all targets came to their end.</param>
    public IReadOnlyList<ComponentOutcome> Of(bool isComplete)
    {
        lock (_lock)
        {
            return
            [
                .. _failed.Keys.Except(_images.Select(x => x.Image)).OrderBy(x => x.ToString(), StringComparer.Ordinal)
                    .Select(FailedOf),
                .. _images.Select(x => OutcomeOf(x.Image, x.MadeOf, isComplete)),
            ];
        }
    }

    /// <summary><c>1 of 3 images failed, 1 was skipped</c>.</summary>
    public string Summary
    {
        get
        {
            var images = Of(isComplete: true).Where(x => _images.Any(y => y.Image == x.Of)).ToList();
            var (failed, skipped) = (images.Count(x => x.State == ImageState.Failed),
                images.Count(x => x.State == ImageState.Skipped));
            return $"{failed} of {images.Count} images failed, {skipped} skipped";
        }
    }

    public static TextTable TableOf(IReadOnlyList<ComponentOutcome> outcomes) => new(["image", "state", "why"],
        [.. outcomes.Select(x => (string[])[$"{x.Of}", x.StateName, x.Reason])]);

    /// <summary>All of it, with a final newline.</summary>
    /// <param name="isComplete">Whether all targets came to their end.</param>
    public string ToJson(bool isComplete)
    {
        var json = new JsonObject { ["succeeded"] = isComplete && !HasFailed };
        if (Signal is not null) json["interruptedBy"] = Signal;
        json["components"] = new JsonArray([.. Of(isComplete).Select(JsonOf)]);
        return ReadableJson.Text(json);
    }

    ComponentOutcome OutcomeOf(ReleasedComponent image, IReadOnlyList<ReleasedComponent> madeOf, bool isComplete) =>
        _failed.ContainsKey(image) ? FailedOf(image)
        : madeOf.FirstOrDefault(_failed.ContainsKey) is { } failed
            ? new ComponentOutcome(image, ImageState.Skipped, _failed[failed].Target, failed)
        : new ComponentOutcome(image, StateOf(image, isComplete));

    ImageState StateOf(ReleasedComponent image, bool isComplete) => _built.TryGetValue(image, out var isBuilt)
        ? isBuilt ? ImageState.Built : ImageState.UpToDate
        : isComplete ? ImageState.Done : ImageState.NotFinished;

    ComponentOutcome FailedOf(ReleasedComponent component) =>
        new(component, ImageState.Failed, _failed[component].Target, null, _failed[component].Problems);

    static JsonObject JsonOf(ComponentOutcome outcome)
    {
        var json = new JsonObject
        {
            ["component"] = outcome.Of.Component,
            ["release"] = outcome.Of.Release,
            ["state"] = outcome.StateName,
        };
        if (outcome.Target is not null) json["target"] = outcome.Target;
        if (outcome.BecauseOf is not null) json["becauseOf"] = outcome.BecauseOf.Component;
        if (outcome.Problems.Count > 0) json["problems"] = new JsonArray([.. outcome.Problems.Select(JsonOf)]);
        return json;
    }

    static JsonObject JsonOf(Problem problem)
    {
        var json = new JsonObject { ["found"] = problem.Found };
        if (problem.File is not null) json["file"] = problem.File;
        if (problem.Line > 0) json["line"] = problem.Line;
        if (problem.Expected is not null) json["expected"] = problem.Expected;
        if (problem.Remedy is not null) json["remedy"] = problem.Remedy;
        return json;
    }
}
