using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Nuke.Common.IO;

namespace OpenStack.Tests.House;

/// <summary>Imports run downwards only: <c>arrows.txt</c> says which namespace may know which others.</summary>
public sealed class ArrowsTests
{
    static readonly AbsolutePath s_file = RepositoryRoot.Path / "tests" / "House" / "arrows.txt";

    /// <summary>Namespace and what it knows, from the highest to the lowest.</summary>
    static readonly List<(string From, string[] To)> s_allowed =
    [
        .. File.ReadAllLines(s_file)
            .Where(x => x.Length > 0 && x[0] != '#')
            .Select(x => x.Split(':', StringSplitOptions.TrimEntries))
            .Select(x => (x[0], x[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))),
    ];

    static readonly Lazy<SortedSet<string>> s_found = new(Find);

    static SortedSet<string> Find()
    {
        var house = new ArchLoader().LoadAssemblies(typeof(OpenStack.Storage.Digest).Assembly).Build();
        var arrows =
            from type in house.Types
            from dependency in type.Dependencies
                // ArchUnitNET takes the parameter of a generic method for one type, wherever it is declared.
            where dependency.Target is not GenericParameter
            let arrow = (From: NameOf(type), To: NameOf(dependency.Target))
            where arrow.From.Length > 0 && arrow.To.Length > 0 && arrow.From != arrow.To
            select $"{arrow.From} → {arrow.To}";
        return new SortedSet<string>(arrows, StringComparer.Ordinal);
    }

    [Fact]
    public void NobodyKnowsMoreThanTheListSays() => Assert.Empty(s_found.Value.Except(Allowed));

    /// <summary>A list that allows what nobody does would let it come back unseen.</summary>
    [Fact]
    public void TheListSaysNoMoreThanThereIs() => Assert.Empty(Allowed.Except(s_found.Value));

    /// <summary>Each line knows only what stands below it, so that there is no way back.</summary>
    [Fact]
    public void ArrowsRunDownwards()
    {
        var order = s_allowed.Select(x => x.From).ToList();
        Assert.Empty(
            from line in s_allowed
            from to in line.To
            where order.IndexOf(to) <= order.IndexOf(line.From)
            select $"{line.From} → {to}");
    }

    static IEnumerable<string> Allowed => s_allowed.SelectMany(x => x.To, (x, to) => $"{x.From} → {to}");

    /// <summary>
    /// <c>Sources</c>, and of the pipeline its room, <c>Pipeline.Sources</c>; empty of what is not ours.
    /// </summary>
    static string NameOf(IType type) => (type.Namespace?.FullName ?? "").Split('.') switch
    {
        ["OpenStack", "Pipeline", var room, ..] => $"Pipeline.{room}",
        ["OpenStack", var name, ..] => name,
        _ => type.Name == "Build" ? "Build" : "",
    };
}
