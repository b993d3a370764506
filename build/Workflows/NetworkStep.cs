using Nuke.Common.CI.GitHubActions.Configuration;
using Nuke.Common.Utilities;

namespace OpenStack.Workflows;

/// <summary>
/// A step that lets those after it out through a company's wall, by variables and secrets of the repository; without
/// any it does nothing. What is proposed from a fork gets none of them.
/// </summary>
public sealed class NetworkStep : GitHubActionsStep
{
    /// <summary>What it runs.</summary>
    public const string Script = ".github/set-up-network";

    const string IsOfThisRepository =
        "github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository";

    static readonly string[] s_variables = ["CA_BUNDLE", "DEFAULT_INDEX", "INDEX", "APT_SOURCES", "APT_KEYRING",
        "INPUT_MIRRORS", "REGISTRY_MIRRORS", "HTTP_PROXY", "NO_PROXY"];

    static readonly string[] s_secrets = ["APT_AUTH", "NETRC"];

    public override void Write(CustomFileWriter writer)
    {
        writer.WriteLine("- name: Set up the network");
        using (writer.Indent())
        {
            writer.WriteLine($"if: ${{{{ {IsOfThisRepository} }}}}");
            writer.WriteLine($"run: {Script}");
            writer.WriteMap("env",
            [
                .. s_variables.Select(x => (x, $"${{{{ vars.{x} }}}}")),
                .. s_secrets.Select(x => (x, $"${{{{ secrets.{x} }}}}")),
                // With a password it is a secret.
                ("HTTPS_PROXY", "${{ secrets.HTTPS_PROXY || vars.HTTPS_PROXY }}"),
            ]);
        }
    }
}
