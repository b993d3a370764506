using System.Globalization;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>The upper constraints of a release as they are in openstack/requirements.</summary>
/// <param name="Branch">Or the tag of a release that has ended.</param>
/// <param name="Text">The file as it is there.</param>
public sealed record UpstreamConstraints(string Branch, string Commit, string Text, UpperConstraints Constraints)
{
    /// <param name="before">Commits that are younger do not count; null where all do.</param>
    /// <returns>Null where nothing on the branch is old enough.</returns>
    /// <exception cref="ProblemException">The repository cannot be had, has no such file, or it is none.</exception>
    public static async Task<UpstreamConstraints?> ReadAsync(Mirror mirror, ResolvedRef branch,
        DateTimeOffset? before = null, CancellationToken cancellation = default)
    {
        await mirror.EnsureAsync(branch.Commit, cancellation);
        var commit = branch.Commit;
        if (before is { } latest)
        {
            // What counts is since when the branch has it: a change under review may be old.
            var found = await mirror.Offline.Command("rev-list", "-n", "1", "--first-parent",
                $"--before={latest.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}", commit)
                .RequireAsync(cancellation);
            if (found.Text.Length == 0) return null;
            commit = found.Text;
        }

        var text = (await MirrorFiles.ReadAsync(mirror, commit, [ConstraintsCheck.File], cancellation))
            .GetValueOrDefault(ConstraintsCheck.File)
            ?? throw new ProblemException($"{mirror.Component}: {branch.Ref} has no {ConstraintsCheck.File}");
        return new UpstreamConstraints(branch.Ref, commit, text,
            UpperConstraints.Parse(text, $"openstack/{mirror.Component}:{ConstraintsCheck.File}"));
    }
}
