using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Updates;

namespace OpenStack.Tests.Constraints;

public class TestedStateTests
{
    static TestedState Parse(string text) => TestedState.Parse(text, "freeze.txt", "A run");

    static string Overrides(string freeze, string upper, string own = "") => Parse(freeze).OverridesOf(
        UpperConstraints.Parse(upper, "u"), ConstraintOverrides.Parse(own, "o"));

    [Theory]
    // The same in another spelling, or one of several markers.
    [InlineData("pytz==2025.1\n", "pytz===2025.1\n", "")]
    [InlineData("pytz==2025.01\n", "pytz===2025.1\n", "")]
    [InlineData("numpy==2.3\n", "numpy===2.2;python_version<'3.11'\nnumpy===2.3;python_version>='3.11'\n", "")]
    [InlineData("Oslo_Config==10.0\n", "oslo.config===9.0\n", "oslo.config==10.0 # ==10.0: tested\n")]
    [InlineData("ldappool==3.0.0\n", "six===1.0\n", "ldappool==3.0.0 # ==3.0.0: tested\n")]
    [InlineData("b==2\na==1\n", "b===1\n", "a==1 # ==1: tested\nb==2 # ==2: tested\n")]
    public void OverridesAreWhatDiffers(string freeze, string upper, string overrides)
    {
        var text = Overrides(freeze, upper);
        Assert.Equal(overrides.Length == 0 ? "" : $"# What A run had.\n\n{overrides}", text);
        // And they are overrides, which updates leave alone.
        Assert.All(ConstraintOverrides.Parse(text, "o").Items,
            x => Assert.True(PinBound.Of(x, out _) is [var only] && only.Admits(x.Pin!.Version)));
    }

    [Theory]
    [InlineData("<!DOCTYPE html>\n<html>\n", "freeze.txt:1:1: this is a page, not a list of pins")]
    [InlineData("\n# nothing\n", "freeze.txt: nothing is pinned")]
    [InlineData("a==1\na==2\n", "freeze.txt:2:1: 'a' is there twice, first in line 1")]
    [InlineData("2025-01-01 | a==1\n", "freeze.txt:1:")]
    [InlineData("a==1 --hash=sha256:00\n", "freeze.txt:1:1: '--hash=sha256:00' pins nothing")]
    public void WhatIsNoListIsTold(string text, string saying) => Assert.Contains(saying,
        Assert.Throws<ProblemException>(() => Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void NotAllOfAThousandLinesAreTold()
    {
        var message = Assert.Throws<ProblemException>(
            () => Parse(string.Concat(Enumerable.Repeat("a>=1\n", 1000)))).Message;
        Assert.Contains("980 lines more are none", message, StringComparison.Ordinal);
        Assert.DoesNotContain("freeze.txt:21:", message, StringComparison.Ordinal);
    }
}
