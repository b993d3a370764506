namespace OpenStack.Signing;

/// <summary>
/// How far what is said of where an image comes from can be forged: the level of SLSA's build track
/// (slsa.dev/spec/v1.2), as it is and no higher.
/// </summary>
/// <param name="Level">0 where nothing is said.</param>
/// <param name="Reason">Why it is this one, and not the next.</param>
public sealed record BuildLevel(int Level, string Reason)
{
    /// <summary>Who vouches for the identity of GitHub's jobs.</summary>
    const string GitHub = "https://token.actions.githubusercontent.com";

    /// <summary>As summaries of verification have it.</summary>
    public string Name => $"SLSA_BUILD_LEVEL_{Level}";

    /// <param name="provenances">What is said, signed by whom it has to be.</param>
    /// <param name="trust">Who that is.</param>
    public static BuildLevel Of(IReadOnlyList<Provenance> provenances, Trust trust)
    {
        if (provenances.Count == 0) return new BuildLevel(0, "there is no provenance of this build");
        if (trust.Key is not null)
            return new BuildLevel(1, "it is signed with a key, which whoever has it could sign anything with");
        if (trust.Issuer != GitHub)
            return new BuildLevel(1, $"whether {trust.Issuer} vouches for a build platform is not known here");
        return provenances.Any(x => x.Builder.Id == trust.Identity)
            ? new BuildLevel(2, "the job's own identity has signed it, on a platform that others run; steps of the "
                + "same job could have asked for that identity, too, which level 3 rules out")
            : new BuildLevel(1, $"{provenances[0].Builder.Id} is said to have built it, and {trust.Identity} has "
                + "signed it");
    }

    public override string ToString() => $"SLSA build level {Level}: {Reason}";
}
