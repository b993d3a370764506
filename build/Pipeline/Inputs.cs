using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Pipeline;

/// <summary>Outputs of earlier targets that a target run alone finds on disk, or not.</summary>
static class Inputs
{
    /// <exception cref="ProblemException">It is not there; names the target that makes it.</exception>
    public static AbsolutePath Require(AbsolutePath path, string target) => Path.Exists(path)
        ? path
        : throw new ProblemException($"{path} is not there", $"Run the target {target} first, or do not skip it");
}
