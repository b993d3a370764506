using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// Which images are asked for elsewhere than where their names say: <c>docker.io=mirror.example.org/hub</c> has
/// <c>docker.io/library/ubuntu:noble</c> asked for as <c>mirror.example.org/hub/library/ubuntu:noble</c>. Of prefixes,
/// which are whole components of names, the longest that fits counts, once, as with <c>prefix</c> and <c>location</c>
/// of containers-registries.conf(5).
/// </summary>
public sealed class RegistryMirrorMap
{
    const string Parameter = "--registry-mirrors";

    readonly IReadOnlyList<Mirror> _mirrors;

    RegistryMirrorMap(IReadOnlyList<Mirror> mirrors) => _mirrors = mirrors;

    /// <summary>Every registry is asked itself.</summary>
    public static RegistryMirrorMap None { get; } = new([]);

    /// <summary>Several, as a user writes them.</summary>
    /// <exception cref="ProblemException">All that are none, and prefixes that are there twice.</exception>
    public static RegistryMirrorMap Parse(IReadOnlyList<string> texts)
    {
        var (mirrors, problems) = (new List<Mirror>(), new List<Problem>());
        foreach (var text in texts)
        {
            var sides = text.Split('=', 2);
            IReadOnlyList<string> remedies = sides is [var prefix, var place]
                ? [.. RemediesOf(prefix).Union(RemediesOf(place))]
                : ["Write '=' between what names begin with and what stands in for that"];
            if (remedies.Count > 0) problems.Add(new Problem($"{Parameter} has the value '{Shown(text)}'",
                Expected: "registry[/namespace]=registry[/namespace], as in docker.io=mirror.example.org/hub",
                Remedy: string.Join(". ", remedies)));
            else mirrors.Add(new Mirror(sides[0], sides[1]));
        }

        problems.AddRange(mirrors.GroupBy(x => x.Prefix).Where(x => x.Count() > 1).Select(x => new Problem(
            $"{Parameter} has {x.Key} {x.Count()} times: {string.Join(" ", x.Select(y => y.Place))}",
            Expected: "every prefix once", Remedy: "Leave out all but one of them")));
        ProblemException.ThrowIfAny(problems);
        return new RegistryMirrorMap(mirrors);
    }

    /// <summary>Where an image is asked for.</summary>
    /// <exception cref="ProblemException">What stands in for its name leaves it none.</exception>
    public MirroredReference SourceOf(RegistryReference name)
    {
        if (_mirrors.Where(x => $"{name.Name}/".StartsWith($"{x.Prefix}/", StringComparison.Ordinal))
            .MaxBy(x => x.Prefix.Length) is not { } mirror)
            return new MirroredReference(name, name);
        var place = RegistryReference.TryParse(mirror.Place + $"{name}"[mirror.Prefix.Length..]);
        return new MirroredReference(name, place ?? throw new ProblemException(new Problem(
            $"{Parameter} has {mirror.Prefix}={mirror.Place}, where {name} would have no name",
            Expected: "a place for it, as in "
                + $"{mirror.Prefix}={mirror.Place}/{mirror.Prefix.Split('/')[^1]}")));
    }

    /// <summary>What is to be done to one side, so that it can be one; nothing where it is.</summary>
    static List<string> RemediesOf(string side)
    {
        if (side.Length == 0) return ["Write something on both sides of '='"];
        var plain = side[(SchemeOf(side).Length + CredentialsIn(side).Length)..];
        var tag = TagOf(plain);
        var name = plain[..^tag.Length].TrimEnd('/');
        IReadOnlyList<(bool Applies, string Remedy)> remedies =
        [
            (SchemeOf(side).Length > 0, $"Leave out '{SchemeOf(side)}': registries are asked by HTTPS"),
            (CredentialsIn(side).Length > 0, $"Leave out the credentials, and run docker login {name.Split('/')[0]}"),
            (tag.Length > 0, $"Leave out '{tag}': images keep their own tags and digests"),
            (plain[..^tag.Length] != name, "Leave out the slash at the end"),
            (name.Any(char.IsUpper), "Write it in lower case"),
            (!IsPrefix(name) && IsPrefix($"{RegistryReference.DockerHub}/{name}"),
                $"Begin with a registry, as in {RegistryReference.DockerHub}/{name}"),
        ];
        var found = remedies.Where(x => x.Applies).Select(x => x.Remedy).ToList();
        return found.Count > 0 || IsPrefix(side) ? found : [$"'{name}' is nothing that names of images begin with"];
    }

    /// <summary>Whether names of images can begin with it.</summary>
    static bool IsPrefix(string text) => RegistryReference.TryParse($"{text}/image") is not null;

    static string SchemeOf(string side) =>
        side.IndexOf("://", StringComparison.Ordinal) is var at and >= 0 ? side[..(at + 3)] : "";

    /// <summary>What stands before an <c>@</c> that begins no digest, and that.</summary>
    static string CredentialsIn(string side)
    {
        var rest = side[SchemeOf(side).Length..];
        var digest = rest.IndexOf("@sha256:", StringComparison.Ordinal);
        return rest[..((digest < 0 ? rest : rest[..digest]).LastIndexOf('@') + 1)];
    }

    /// <summary>
    /// Tag and digest. What follows the host's colon is its port where it consists of digits, and in brackets no colon
    /// says anything.
    /// </summary>
    static string TagOf(string name)
    {
        var digest = name.IndexOf('@', StringComparison.Ordinal);
        var plain = digest < 0 ? name : name[..digest];
        var (slash, colon) = (plain.LastIndexOf('/'), plain.LastIndexOf(':'));
        var isTag = colon > Math.Max(slash, plain.LastIndexOf(']'))
            && (slash >= 0 || !plain[(colon + 1)..].All(char.IsAsciiDigit));
        return name[(isTag ? colon : plain.Length)..];
    }

    /// <summary>Without secrets, which would stay in logs.</summary>
    static string Shown(string text) => string.Join('=', text.Split('=', 2).Select(x =>
        CredentialsIn(x) is { Length: > 0 } secret ? x.Replace(secret, "…@", StringComparison.Ordinal) : x));

    /// <param name="Prefix">What names begin with.</param>
    /// <param name="Place">What they begin with where they are asked for.</param>
    sealed record Mirror(string Prefix, string Place);
}
