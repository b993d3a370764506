using OpenStack.Diagnostics;

namespace OpenStack.Signing;

/// <summary>Who signs: somebody with a key, or a job whose identity a certificate authority vouches for.</summary>
/// <param name="Key">The key; null where the identity of a CI job takes its place.</param>
/// <param name="Identity">The identity that the job's certificate will name; null with a key.</param>
public sealed record Signer(KeyReference? Key, string? Identity)
{
    /// <summary>For people.</summary>
    public string Name => Key?.Text ?? Identity!;

    /// <summary>The key where there is one, otherwise the job of GitHub Actions that this runs in.</summary>
    /// <param name="key">What the parameter says, perhaps.</param>
    /// <param name="variable">The environment.</param>
    /// <exception cref="ProblemException">There is neither.</exception>
    public static Signer Of(KeyReference? key, Func<string, string?> variable)
    {
        if (key is not null) return new Signer(key, null);
        if (string.IsNullOrEmpty(variable("ACTIONS_ID_TOKEN_REQUEST_URL"))) throw new ProblemException(new Problem(
            variable("GITHUB_ACTIONS") == "true"
                ? "There is no key to sign with, and this job may not ask for an identity"
                : "There is no key to sign with",
            Remedy: variable("GITHUB_ACTIONS") == "true"
                ? "Give the job 'permissions: id-token: write', or give --signing-key"
                : "Give --signing-key (a file as 'cosign generate-key-pair' makes it, env://VARIABLE or the URI of a "
                    + "key management service), or sign in a CI job with 'permissions: id-token: write'"));
        return new Signer(null, $"{variable("GITHUB_SERVER_URL")}/{variable("GITHUB_WORKFLOW_REF")}");
    }
}
