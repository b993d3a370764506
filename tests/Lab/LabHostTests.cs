using System.Runtime.InteropServices;
using OpenStack.Diagnostics;
using OpenStack.Lab;
using OpenStack.Packages;

namespace OpenStack.Tests.Lab;

public sealed class LabHostTests
{
    const string Debian = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_CODENAME=bookworm\n";

    static LabHost Require(
        string os = Debian, string sources = "deb http://mirror.example/debian bookworm main", bool linux = true,
        bool root = true, Architecture architecture = Architecture.X64)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("sources.list", sources);
        return LabHost.Require(linux, root, architecture, directory.Write("os-release", os), directory.Path);
    }

    [Fact]
    public void Debian_with_a_mirror_is_enough()
    {
        var host = Require(architecture: Architecture.Arm64);
        Assert.Equal(("arm64", "bookworm"), (host.Architecture, host.Codename));
        Assert.Equal([new AptSource("http://mirror.example/debian", "bookworm")], host.Sources);
    }

    [Fact]
    public void Whatever_is_missing_the_message_says_what_to_use_instead()
    {
        var failures = new Action[]
        {
            () => Require(linux: false),
            () => Require(root: false),
            () => Require(architecture: Architecture.S390x),
            () => Require(os: "ID=ubuntu\nVERSION_CODENAME=noble\n"),
            () => Require(sources: "deb http://mirror.example/debian bookworm-backports main"),
        }.Select(x => Assert.Throws<ProblemException>(x).Message).ToList();
        Assert.All(failures, x => Assert.EndsWith(
            ". Leave out '--profile lab' and build with Docker (BuildKit) and internet access instead", x,
            StringComparison.Ordinal));
        Assert.Equal(failures.Count, failures.Distinct().Count());
    }
}
