using Nuke.Common.IO;
using OpenStack.Network;

namespace OpenStack.Images;

/// <summary>
/// What the steps of a build need to get out through a wall. It is there while a step runs and in nothing that is
/// built, and what is built does not depend on it. What is a secret only those steps mount that download, and run
/// nothing that they download.
/// </summary>
/// <param name="TrustedFile">The certificate authorities that they trust; null where an image's own will do.</param>
/// <param name="Apt">Where packages of the distribution come from.</param>
/// <param name="Variable">The environment, in which proxies are.</param>
public sealed record StepNetwork(AbsolutePath? TrustedFile, AptAccess Apt, Func<string, string?> Variable)
{
    /// <summary>In bytes, what BuildKit takes for a secret (secrets.MaxSecretSize).</summary>
    public const int LargestSecret = 500 * 1024;

    const string ProxiesVariable = "OPENSTACK_IMAGES_STEP_PROXIES";
    const string MirrorsVariable = "OPENSTACK_IMAGES_STEP_APT_MIRRORS";

    readonly IReadOnlyDictionary<string, string> _proxies = ProxyVariables.Set(Variable);
    readonly bool _isSecret = ProxyVariables.HaveCredentials(Variable);

    /// <summary>
    /// Proxies are predefined arguments of BuildKit, which every step sees; where they have a password, none is, and
    /// not those either that the configuration of docker has. Values are read from the environment by bake, as its
    /// variables, and are in no file.
    /// </summary>
    public BakeTarget Equip(BakeTarget target) => target with
    {
        Args = new Dictionary<string, string>(target.Args.Concat(_proxies
            .Select(x => KeyValuePair.Create(x.Key, _isSecret ? "" : $"${{{x.Value}}}")))),
        Secret = Secrets is { Count: > 0 } some ? [.. some.Select(x => $"id={x.Id},{x.Place}")] : target.Secret,
    };

    /// <summary>Variables of a bake file.</summary>
    public IReadOnlyList<string> Variables => _isSecret ? [] : [.. _proxies.Values.Distinct()];

    /// <summary>What bake takes secrets from that are in no file.</summary>
    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        [ProxiesVariable] = _isSecret ? ProxyLines : null,
        [MirrorsVariable] = Apt.MirrorLines is { Length: > 0 } lines ? lines : null,
    };

    /// <summary>Lines for a shell.</summary>
    string ProxyLines => string.Concat(_proxies.Select(x =>
        $"export {x.Key}='{Variable(x.Value)!.Replace("'", @"'\''", StringComparison.Ordinal)}'\n"));

    /// <summary>By what Dockerfiles mount them.</summary>
    IReadOnlyList<(string Id, string Place)> Secrets =>
    [
        .. new (string Id, AbsolutePath? File)[]
            {
                ("ca-bundle", TrustedFile), ("apt-sources", Apt.Sources), ("apt-keyring", Apt.Keyring),
                ("apt-auth", Apt.Auth),
            }
            .Where(x => x.File is not null)
            // As a field of a line of CSV.
            .Select(x => (x.Id, $"{x.File}".Contains(',') ? $"\"src={x.File}\"" : $"src={x.File}")),
        .. new[] { ("proxies", ProxiesVariable), ("apt-mirrors", MirrorsVariable) }
            .Where(x => Environment[x.Item2] is not null).Select(x => (x.Item1, $"env={x.Item2}")),
    ];
}
