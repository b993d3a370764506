using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Oci;

namespace OpenStack.Pipeline.Selection;

/// <summary>Where everything of one service × release lives: <c>artifacts/&lt;release&gt;/&lt;service&gt;/</c>.</summary>
sealed record Workspace(AbsolutePath Artifacts, string Component, Release Release)
{
    public AbsolutePath Directory => Artifacts / Release.Name / Component;

    /// <summary>ResolveRefs: ref, kind, commit and remote.</summary>
    public AbsolutePath RefsFile => Directory / "refs.json";

    /// <summary>Checkout: the tree as it is upstream, and what is known of its commit.</summary>
    public AbsolutePath CheckoutDirectory => Directory / "checkout";

    /// <summary>Patch: the tree with the patches applied, sealed.</summary>
    public AbsolutePath SourceDirectory => Directory / "source";

    /// <summary>What that tree is, and was made of.</summary>
    public AbsolutePath SealedFile => SourceDirectory / "sealed.json";

    /// <summary>Constrain: <c>constraints.txt</c>, <c>requirements.txt</c> and, perhaps, <c>build-constraints.txt</c>.</summary>
    public AbsolutePath ConstraintsDirectory => Directory / "constraints";

    /// <summary>What is built, of each platform apart: BuildService and BuildLibraries.</summary>
    public AbsolutePath PlatformDirectory(string platform) => Directory / "platforms" / PlatformName.ForFiles(platform);

    /// <summary>BuildLibraries: of a library its wheel.</summary>
    public AbsolutePath WheelDirectory(string platform) => PlatformDirectory(platform) / "wheel";

    /// <summary>BuildLibraries: of a service the wheels of its release's libraries.</summary>
    public AbsolutePath LibrariesDirectory(string platform) => PlatformDirectory(platform) / "libraries";

    public override string ToString() => $"{Component} {Release.Name}";
}
