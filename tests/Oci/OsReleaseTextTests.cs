using OpenStack.Oci;

namespace OpenStack.Tests.Oci;

/// <summary>By os-release(5) and what a shell makes of the file.</summary>
public class OsReleaseTextTests
{
    [Theory]
    [InlineData("NAME=Debian", "Debian")]
    [InlineData("NAME=\"Debian GNU/Linux\"", "Debian GNU/Linux")]
    [InlineData("NAME='a \"b\" \\$c'", "a \"b\" \\$c")]
    [InlineData("NAME=\"a \\\"b\\\" \\$c \\\\ \\` \\n\"", "a \"b\" $c \\ ` \\n")]
    [InlineData("NAME=a\\ b", "a b")]
    [InlineData("NAME=\"O'Neill\"", "O'Neill")]
    [InlineData("NAME=\"\"", "")]
    [InlineData("  NAME=x  \r", "x")]
    [InlineData("NAME=first\nNAME=last", "last")]
    [InlineData("NAME=\"not closed", "not closed")]
    [InlineData("NAME=a=b", "a=b")]
    public void AValueIsWhatAShellMakesOfIt(string text, string expected) =>
        Assert.Equal(expected, OsReleaseText.Parse(text)["NAME"]);

    [Fact]
    public void CommentsAndOtherLinesAssignNothing() =>
        Assert.Equal(["ID"], OsReleaseText.Parse("# NAME=x\n\nnothing\n=x\nID=debian\n").Keys);
}
