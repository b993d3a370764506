namespace OpenStack.Oci;

/// <summary>
/// The credentials that a job of GitHub Actions has without anybody's doing: its token, for GitHub's own registry.
/// </summary>
/// <param name="Registry">The registry.</param>
/// <param name="Credential">The actor, and the token.</param>
public sealed record JobCredential(string Registry, RegistryCredential Credential)
{
    /// <param name="variable">The environment. A job has its token in it only where its workflow says so.</param>
    /// <returns>Null where this is no job, or it was not given its token.</returns>
    public static JobCredential? Of(Func<string, string?> variable) =>
        variable("GITHUB_ACTIONS") == "true" && variable("GITHUB_TOKEN") is { Length: > 0 } token
            ? new(RegistryReference.GitHub,
                new RegistryCredential(variable("GITHUB_ACTOR") is { Length: > 0 } actor ? actor : "github-actions",
                    token, "GITHUB_TOKEN")
                {
                    Remedy = "give the job 'permissions: packages: write', and the repository access to the package "
                        + "(its settings, \"Manage Actions access\")",
                })
            : null;
}
