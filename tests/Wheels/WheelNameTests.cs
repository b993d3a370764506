using OpenStack.Wheels;

namespace OpenStack.Tests.Wheels;

/// <summary>
/// The order of packaging.tags.sys_tags() on CPython 3.13, x86-64: what comes first there is to be installed.
/// </summary>
public sealed class WheelNameTests
{
    [Fact]
    public void TheWheelThatFitsBestIsTheOneThatPackagingNamesFirst()
    {
        string[] ordered =
        [
            "a-1-cp313-cp313-manylinux_2_34_x86_64.whl",
            "a-1-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
            "a-1-cp313-cp313-manylinux2010_x86_64.whl",
            "a-1-cp313-cp313-manylinux1_x86_64.whl",
            "a-1-cp313-cp313-linux_x86_64.whl",
            "a-1-cp313-abi3-manylinux_2_17_x86_64.whl",
            "a-1-cp39-abi3-manylinux_2_34_x86_64.whl",
            "a-1-cp38-abi3-manylinux_2_34_x86_64.whl",
            "a-1-cp313-none-manylinux_2_34_x86_64.whl",
            "a-1-py3-none-manylinux_2_34_x86_64.whl",
            "a-1-cp313-none-any.whl",
            "a-1-py313-none-any.whl",
            "a-1-2-py3-none-any.whl",
            "a-1-py2.py3-none-any.whl",
        ];
        var shuffled = ordered.Reverse().ToList();
        Assert.Equal(ordered, shuffled.OrderByDescending(x => WheelName.TryParse(x)!.Preference));
    }

    [Fact]
    public void PartsOfAName()
    {
        var name = WheelName.TryParse(
            "pkg_name-1.0+p1-1build-cp39.cp310-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")!;
        Assert.Equal(("pkg_name", "1.0+p1", "1build"), (name.Distribution, name.Version, name.Build));
        Assert.Equal(["cp39", "cp310"], name.Python);
        Assert.Equal(["manylinux_2_17_x86_64", "manylinux2014_x86_64"], name.Platform);
    }

    [Theory]
    [InlineData("a-1.tar.gz")]
    [InlineData("a-1-py3-none.whl")]
    [InlineData("a.whl")]
    public void WhatIsNone(string file) => Assert.Null(WheelName.TryParse(file));
}
