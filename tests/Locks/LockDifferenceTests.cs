using OpenStack.Locks;

namespace OpenStack.Tests.Locks;

public sealed class LockDifferenceTests
{
    [Fact]
    public void TheSameIsNoDifference() =>
        Assert.Empty(LockDifference.Between(SmallLock.Keystone.Inputs, SmallLock.Keystone.Inputs.Reverse()).Changes);

    [Fact]
    public async Task WhatMovedIsTold()
    {
        LockedInput[] now =
        [
            .. SmallLock.Keystone.Inputs.Where(x => x.Name != "keystone").Select(x => x switch
            {
                LockedFile { Kind: FileKind.Deb } => SmallLock.Deb("libpq5", "17.7-0+deb13u1", 'f'),
                LockedFile { Kind: FileKind.Wheel, Name: "six" } six => six with { Sha256 = SmallLock.Hex('9') },
                LockedFile { Kind: FileKind.Source } source => source with
                {
                    Url = "https://mirror.example/six-1.17.0.tar.gz",
                },
                LockedFile { Kind: FileKind.Sdist } sdist =>
                    sdist with { Kind = FileKind.Wheel, PackageVersion = "2.0.30", Sha256 = SmallLock.Hex('8') },
                LockedSuite { Name: "trixie" } suite => suite with
                {
                    Sha256 = SmallLock.Hex('7'),
                    Date = suite.Date.AddDays(7),
                },
                _ => x,
            }),
            SmallLock.Deb("libpq-extra", "1.0", '6'),
        ];
        var difference = LockDifference.Between(SmallLock.Keystone.Inputs, now);
        Assert.Equal(5, difference.Mattering.Count);
        await Verifier.Verify(string.Join('\n', difference.ToTable().Lines));
    }

    /// <summary>
    /// A Release file is signed anew every day, and mirrors change: no package is another one for it.
    /// </summary>
    [Fact]
    public void WhatChangesNoImageDoesNotMatter()
    {
        var now = SmallLock.Keystone.Inputs.Select(x => x switch
        {
            LockedFile file => file with { Url = $"https://mirror.example/{file.FileName}" },
            LockedSuite suite => suite with { Sha256 = SmallLock.Hex('7'), Date = suite.Date.AddHours(6) },
            _ => x,
        });
        var difference = LockDifference.Between(SmallLock.Keystone.Inputs, now);
        Assert.Empty(difference.Mattering);
        Assert.Equal(7, difference.Changes.Count);
    }

    /// <summary>No archive signs two files at one time, and none goes back.</summary>
    [Theory]
    [InlineData(0, "c")]
    [InlineData(-24, "older: a mirror that is behind")]
    public void ASuiteThatCannotBeTheSameArchivesMatters(int hours, string saying)
    {
        var now = SmallLock.Keystone.Inputs.Select(x => x is LockedSuite { Name: "trixie" } suite
            ? suite with { Sha256 = SmallLock.Hex('7'), Date = suite.Date.AddHours(hours) } : x);
        var change = Assert.Single(LockDifference.Between(SmallLock.Keystone.Inputs, now).Mattering);
        Assert.Contains(saying, change.Text, StringComparison.Ordinal);
    }
}
