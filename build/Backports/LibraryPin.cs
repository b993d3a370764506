using LibGit2Sharp;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Sources;
using PythonVersion = OpenStack.Constraints.PythonVersion;

namespace OpenStack.Backports;

/// <summary>The version that the constraints of a release pin a library at: what its images would have without a line
/// in <c>source-refs.yaml</c>.</summary>
static class LibraryPin
{
    /// <summary>Null where no constraint, or more than one, says it.</summary>
    /// <param name="shownAs">A file as messages name it.</param>
    public static string? Of(Release release, string library, Func<AbsolutePath, string> shownAs)
    {
        var upper = UpperConstraints.Read(release.UpperConstraintsFile, shownAs(release.UpperConstraintsFile));
        ConstraintOverrides[] overrides = release.OverridesFile is { } file
            ? [ConstraintOverrides.Read(file, shownAs(file))] : [];
        var name = PythonName.Of(library);
        var versions = ConstraintEngine.Apply(upper, overrides, []).Pins.Where(x => x.Key == name)
            .Select(x => x.Version).Distinct(StringComparer.Ordinal).ToList();
        return versions is [var one] ? one : null;
    }

    /// <summary>Says that a release would get an older library by its ref than by its constraints; null where it would
    /// not.</summary>
    /// <param name="mirror">Holds the commit of the ref.</param>
    public static string? Warn(ResolvedRef source, string release, string pin, Mirror mirror)
    {
        string version;
        try
        {
            version = source.Kind == RefKind.Tag && SemanticVersion.TryParse(RefLock.TagOf(source.Ref)) is not null
                ? RefLock.TagOf(source.Ref) : VersionOf(source, mirror);
        }
        catch (ProblemException e)
        {
            return $"{release} {source.Component}: whether {source.Ref} is older than {pin}, which the constraints "
                + $"pin, is not known: {e.Problems[0].Found}";
        }

        return PythonVersion.TryParse(version) is { } here && PythonVersion.TryParse(pin) is { } there && here < there
            ? $"{release} {source.Component}: {source.Ref} is {version}, older than {pin}, which the constraints pin"
            : null;
    }

    static string VersionOf(ResolvedRef source, Mirror mirror)
    {
        using var repository = GitObjects.Open(mirror.Directory);
        return OpenStack.Sources.PythonVersion.Of(repository, repository.Lookup<Commit>(source.Commit));
    }
}
