using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.UpstreamTests;

/// <summary>What a set of services leaves behind: <c>artifacts/&lt;release&gt;/set/</c>.</summary>
/// <param name="Path">The directory.</param>
public sealed record SetDirectory(AbsolutePath Path)
{
    /// <summary>That of a release.</summary>
    public static SetDirectory Of(AbsolutePath artifacts, string release) => new(artifacts / release / "set");

    [DescribedFile("TestSet: what each member has printed, as it came")]
    public AbsolutePath Logs => Path / "logs";

    [DescribedFile("TestSet: each test of Tempest's and what came of it (JUnit)")]
    public AbsolutePath JUnitFile => Path / "junit.xml";

    [DescribedFile("TestSet: the same as the runner tells it (subunit, version 2)")]
    public AbsolutePath SubunitFile => Path / "results.subunit";

    [DescribedFile("TestSet: the images of servers that no service is; `build.log` is the whole output of BuildKit")]
    public AbsolutePath Backends => Path / "backends";

    /// <summary>Two runs take turns: both write here.</summary>
    public AbsolutePath Lock => Path / "set.lock";
}
