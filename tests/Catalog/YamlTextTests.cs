using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Catalog;

public class YamlTextTests
{
    const string Refs = """
        # header

        keystone: "27.0.2" # tag
        nova: stable/2025.1

        # Libraries
        oslo.config: "9.7.1"
        # the last word

        """;

    const string Packages = """
        # header

        keystone:
          # LDAP
          pip-extras: [ldap]

        # about nova
        nova:
          pip-packages:
            - uwsgi

        """;

    [Fact]
    public void EntryStandsBehindTheLastOneOfItsKind() => Assert.Equal(
        Refs.Replace("nova: stable/2025.1\n", "nova: stable/2025.1\nheat: \"24.1.1\"\n", StringComparison.Ordinal),
        new YamlText(Refs, "f").Add("heat: \"24.1.1\"", x => !x.Contains('.')).ToString());

    [Fact]
    public void EntryOfSeveralLinesStandsApart() => Assert.Equal(Packages + "\nheat:\n  pip-packages: []\n",
        new YamlText(Packages, "f").Add("heat:\n  pip-packages: []\n").ToString());

    [Fact]
    public void EntryBetweenOthersStandsApart() => Assert.Equal(
        Packages.Replace("# about nova", "heat:\n  a: b\n\n# about nova", StringComparison.Ordinal),
        new YamlText(Packages, "f").Add("heat:\n  a: b\n", x => x == "keystone").ToString());

    [Theory]
    [InlineData("a: b", "a: b\nc: d\n")]
    [InlineData("a: b\r\n", "a: b\r\nc: d\r\n")]
    [InlineData("", "c: d\n")]
    [InlineData("# none\n", "# none\nc: d\n")]
    public void LineEndsStay(string text, string expected) =>
        Assert.Equal(expected, new YamlText(text, "f").Add("c: d").ToString());

    [Fact]
    public void EntryIsRemovedWithTheCommentThatIsAboutNothingElse() => Assert.Equal(
        "# header\n\nkeystone:\n  # LDAP\n  pip-extras: [ldap]\n",
        new YamlText(Packages, "f").Remove("nova").ToString());

    [Fact]
    public void CommentOfTheNextEntriesStays() => Assert.Equal(
        Refs.Replace("keystone: \"27.0.2\" # tag\n", "", StringComparison.Ordinal),
        new YamlText(Refs, "f").Remove("keystone").ToString());

    [Theory]
    [InlineData(Refs, "heat: \"24.1.1\"")]
    [InlineData(Packages, "heat:\n  a:\n    - b\n  c: d")]
    public void AddingAndRemovingIsNothing(string text, string entry)
    {
        foreach (var isBefore in (Func<string, bool>?[])[null, x => x is "keystone", x => x is "keystone" or "nova"])
            Assert.Equal(text,
                new YamlText(new YamlText(text, "f").Add(entry, isBefore).ToString(), "f").Remove("heat").ToString());
    }

    [Fact]
    public void FlowStyleIsRefused() =>
        Assert.Equal("f:1:1: the file cannot be edited; expected one entry per line, from the first column on",
            Assert.Throws<ProblemException>(() => new YamlText("{a: b}\n", "f").Add("c: d")).Message);
}
