using OpenStack.Constraints;
using OpenStack.Wheels;

namespace OpenStack.Tests.Wheels;

public sealed class LibraryWheelTests
{
    [Theory]
    [InlineData("14.9.0", 0, "14.9.0")]
    [InlineData("14.9.0", 1, "14.9.0+p1")]
    [InlineData("14.9.1.dev3", 12, "14.9.1.dev3+p12")]
    [InlineData("28.0.0.0rc1", 2, "28.0.0.0rc1+p2")]
    [InlineData("14.9.0+dirty", 2, "14.9.0+dirty.p2")]
    public void TheNumberOfPatchesIsALocalVersionLabel(string version, int patches, string expected)
    {
        var made = LibraryWheel.VersionOf(version, patches);

        Assert.Equal(expected, made);
        Assert.NotNull(PythonVersion.TryParse(made));
    }

    [Fact]
    public void APatchedLibraryComesAfterTheReleaseAndBeforeTheNext()
    {
        var versions = ((string[])["14.9.0", "14.9.0+p1", "14.9.0+p2", "14.9.1.dev1", "14.9.1"])
            .Select(x => PythonVersion.TryParse(x)!)
            .ToList();

        Assert.Equal(versions, versions.Order());
    }
}
