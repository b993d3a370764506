using OpenStack.Diagnostics;
using OpenStack.Locks;
using OpenStack.Network;

namespace OpenStack.Tests.Locks;

/// <summary>Answers of apt 2.7 (Ubuntu) and 3.0 (Debian), as <c>apt-lock</c> hands them on.</summary>
public sealed class AptAnswerTests
{
    static readonly string s_digest = SmallLock.Hex('a');

    [Fact]
    public void PackagesWithEpochsAndEscapes()
    {
        var packages = AptAnswer.ParsePackages($"""
            'http://archive.ubuntu.com/ubuntu/pool/main/l/libcap-ng/libcap-ng0_0.8.4-2build2_amd64.deb' libcap-ng0_0.8.4-2build2_amd64.deb 15204 SHA256:{s_digest}
            'http://mirror.debian.org/debian/pool/main/l/lvm2/lvm2_2.03.31-2%2bb1_amd64.deb' lvm2_2%3a2.03.31-2+b1_amd64.deb 1300000 SHA256:{s_digest}

            """, "f");
        Assert.Equal(
        [
            new LockedFile(FileKind.Deb, "libcap-ng0", "0.8.4-2build2", "amd64", s_digest, 15204,
                "http://archive.ubuntu.com/ubuntu/pool/main/l/libcap-ng/libcap-ng0_0.8.4-2build2_amd64.deb"),
            new LockedFile(FileKind.Deb, "lvm2", "2:2.03.31-2+b1", "amd64", s_digest, 1300000,
                "http://mirror.debian.org/debian/pool/main/l/lvm2/lvm2_2.03.31-2%2bb1_amd64.deb"),
        ], packages);
    }

    [Fact]
    public void SuitesWithTheirSnapshots()
    {
        var suites = AptAnswer.ParseSuites($"""
            trixie http://mirror.debian.org/debian/ 140420 {s_digest} Sat, 06 Sep 2025 09:15:44 UTC
            noble-updates http://archive.ubuntu.com/ubuntu 126000 {s_digest} Fri,  5 Sep 2025 12:01:02 UTC
            internal https://packages.example/ 1000 {s_digest} Fri, 05 Sep 2025 12:01:02 +0000
            alike https://notdebian.org/debian/ 1000 {s_digest} Fri, 05 Sep 2025 12:01:02 +0000

            """, "f");
        Assert.Equal(["https://snapshot.debian.org/archive/debian/20250906T211544Z/",
            "https://snapshot.ubuntu.com/ubuntu/20250906T000102Z/", null, null], suites.Select(x => x.Snapshot));
        Assert.Equal(["2025-09-06T09:15:44Z", "2025-09-05T12:01:02Z", "2025-09-05T12:01:02Z", "2025-09-05T12:01:02Z"],
            suites.Select(x => x.Version));
        Assert.Equal("http://archive.ubuntu.com/ubuntu/", suites[1].Archive);
    }

    /// <summary>A lock names what is behind a mirror, so that it is the same for who has none.</summary>
    [Theory]
    [InlineData("http://archive.ubuntu.com/ubuntu/=https://mirror.example/ubuntu/")]
    [InlineData("http://archive.ubuntu.com/ubuntu=https://mirror.example/ubuntu")]
    public void WhatAMirrorHasIsNamedAsOthersNameIt(string mirror)
    {
        var mirrors = InputMirror.ParseAll([mirror]);
        var suite = Assert.Single(AptAnswer.ParseSuites(
            $"noble https://mirror.example/ubuntu 126000 {s_digest} Fri, 05 Sep 2025 12:01:02 UTC\n", "f", mirrors));
        Assert.Equal(("http://archive.ubuntu.com/ubuntu/", "https://snapshot.ubuntu.com/ubuntu/20250906T000102Z/"),
            (suite.Archive, suite.Snapshot));
        Assert.Equal("http://archive.ubuntu.com/ubuntu/pool/a_1_all.deb", Assert.Single(AptAnswer.ParsePackages(
            $"'https://mirror.example/ubuntu/pool/a_1_all.deb' a_1_all.deb 1 SHA256:{s_digest}\n", "f", mirrors)).Url);
    }

    /// <summary>A package without a digest that counts would not be locked.</summary>
    [Fact]
    public void WhatIsNotUnderstoodIsAProblem()
    {
        var problems = Assert.Throws<ProblemException>(() => AptAnswer.ParsePackages($"""
            'http://deb.example/a_1_amd64.deb' a_1_amd64.deb 1 MD5Sum:{SmallLock.Hex('a')[..32]}
            'http://deb.example/b_1_amd64.deb' b_1_amd64.deb 1
            'file:/cdrom/c_1_amd64.deb' c_1_amd64.deb 1 SHA256:{s_digest}
            """, "f")).Problems;
        Assert.Equal(["f:1:1", "f:2:1", "f:3:1"], problems.Select(x => x.ToString()[..5]));
    }
}
