using OpenStack.Constraints;
using OpenStack.Wheels;

namespace OpenStack.Tests.Wheels;

public sealed class ClosurePinsTests
{
    static readonly LockedDistribution s_setuptools = Of("setuptools", "84.2.1");

    [Fact]
    public void WhatNoConstraintPinsIsUnpinned()
    {
        var pins = UpperConstraints.Parse("Six===1.17.0\ngreenlet===3.0.0;python_version<'3.10'\n"
            + "greenlet===3.2.0;python_version>='3.10'\nwcwidth===0.2\n", "constraints.txt").Pins;
        LockedDistribution[] closure = [Of("greenlet", "3.2.0"), s_setuptools, Of("six", "1.17"), Of("wcwidth", "0.6")];
        // A pin of another version is one whose marker does not hold.
        Assert.Equal(["setuptools", "wcwidth"], ClosurePins.Unpinned(closure, pins).Select(x => x.Name));
    }

    [Fact]
    public void EachIsSaidOnceWithTheLineToAdd()
    {
        var problem = Assert.Single(ClosurePins.Describe([("nova", s_setuptools), ("placement", s_setuptools)],
            "overrides/2026.1/constraints.txt"));
        Assert.Equal(
            "overrides/2026.1/constraints.txt: no constraint pins setuptools 84.2.1, which is in the image of nova, "
            + "placement. Add the line setuptools===84.2.1",
            problem.ToString());
    }

    static LockedDistribution Of(string name, string version) =>
        new(name, version, new($"{name}-{version}-py3-none-any.whl", "https://example.org/", "00"));
}
