namespace OpenStack.Tests.Catalog;

/// <summary>Lines of bindep files, made of everything that their grammar has; the same seed gives the same.</summary>
sealed class BindepLines(int seed)
{
    static readonly string[] s_profiles =
        ["nova", "nova-compute", "cinder", "lvm", "test", "platform:dpkg", "platform:debian", "platform:ubuntu-24.04",
        "platform:base-py3", "platform:rpm"];

    readonly Random _random = new(seed);

    public string Next() =>
        $"a{_random.Next(10)}" + (Often(5) ? "" : $" [{Blank()}{string.Join(' ', Some(4, Selector))}{Blank()}]")
        + (Often(4) ? Blank() + "# why" : "");

    public IReadOnlyList<string> Profiles() => [.. s_profiles.Where(_ => Often(2))];

    string Selector() =>
        Often(3) ? $"({Blank()}{string.Join(' ', Some(3, Term).DefaultIfEmpty("lvm"))}{Blank()})" : Term();

    string Term() => (Often(3) ? "!" : "") + s_profiles[_random.Next(s_profiles.Length)];

    IEnumerable<string> Some(int most, Func<string> make) =>
        [.. Enumerable.Range(0, _random.Next(most)).Select(_ => make())];

    string Blank() => Often(3) ? " " : "";

    bool Often(int oneIn) => _random.Next(oneIn) == 0;
}
