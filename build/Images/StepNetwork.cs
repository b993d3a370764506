using OpenStack.Network;

namespace OpenStack.Images;

/// <summary>
/// What the steps of a build need to get out through a wall. It is there while a step runs and in nothing that is
/// built, and what is built does not depend on it.
/// </summary>
/// <param name="TrustedFile">
/// The certificate authorities that they trust, for those that mount it; null where an image's own will do.
/// </param>
/// <param name="Proxies">Predefined arguments of BuildKit, with the variable that has the value of each.</param>
public sealed record StepNetwork(string? TrustedFile, IReadOnlyDictionary<string, string> Proxies)
{
    /// <summary>By which steps mount <see cref="TrustedFile"/>.</summary>
    const string Secret = "ca-bundle";

    /// <summary>That of a run with this environment.</summary>
    public static StepNetwork Of(string? trustedFile) =>
        new(trustedFile, ProxyVariables.Set(Environment.GetEnvironmentVariable));

    /// <summary>
    /// Values are read from the environment by bake, as its variables: they may hold passwords, and are in no file.
    /// </summary>
    public BakeTarget Equip(BakeTarget target) => target with
    {
        Args = new Dictionary<string, string>(target.Args.Concat(Proxies
            .Select(x => KeyValuePair.Create(x.Key, $"${{{x.Value}}}")))),
        Secret = TrustedFile is null ? target.Secret : [$"id={Secret},src={TrustedFile}"],
    };

    /// <summary>Variables of a bake file.</summary>
    public IReadOnlyList<string> Variables => [.. Proxies.Values.Distinct()];
}
