using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Pipeline;

/// <summary>Where the last run says what has become of its images.</summary>
sealed record OutcomeFile(AbsolutePath Artifacts)
{
    [DescribedFile("What has become of each image in the last run that worked on images, and of each library that "
        + "failed: `state` (`built`, `up to date`, `done`, `failed`, `skipped`, `not finished`), `target`, `problems` "
        + "(`found`, `file`, `line`, `expected`, `remedy`), `becauseOf`")]
    public AbsolutePath Path => Artifacts / "run.json";
}
