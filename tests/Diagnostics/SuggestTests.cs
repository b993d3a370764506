using OpenStack.Diagnostics;

namespace OpenStack.Tests.Diagnostics;

public class SuggestTests
{
    [Theory]
    [InlineData("keyston", "keystone")]
    [InlineData("kyestone", "keystone")]
    [InlineData("nvoa", "nova")]
    public void NearMissIsSuggested(string word, string expected) =>
        Assert.Equal(expected, Suggest.Nearest(word, ["keystone", "nova", "neutron"])[0]);

    [Fact]
    public void NothingIsSuggestedForAStranger() => Assert.Null(Suggest.DidYouMean("octavia", ["keystone", "nova"]));
}
