using Nuke.Common;

namespace OpenStack.Pipeline.Start;

/// <summary>
/// A run that went on without images that failed has not succeeded, though its targets have: the build says so itself.
/// </summary>
sealed class OwnOutcomeAttribute() : DisableDefaultOutputAttribute(DefaultOutput.BuildOutcome)
{
    public override bool IsApplicable(INukeBuild build) => build.IsSucceeding && ((IHazRun)build).Run.Outcome.HasFailed;
}
