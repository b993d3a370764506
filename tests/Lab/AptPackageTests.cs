using OpenStack.Lab;

namespace OpenStack.Tests.Lab;

public sealed class AptPackageTests
{
    /// <summary>As apt 2.6 and 3.0 print it.</summary>
    const string Printed = """
        Reading package lists...
        The following NEW packages will be installed:
          python3-keystone tzdata
        'http://mirror.example/debian/pool/main/k/keystone/python3-keystone_27.0.0-3%2bdeb13u6_all.deb' python3-keystone_2%3a27.0.0-3+deb13u6_all.deb 745644 MD5Sum:e6cc1b
        'http://mirror.example/debian/pool/main/u/uwsgi/uwsgi-core_2.0.28-9_amd64.deb' uwsgi-core_2.0.28-9_amd64.deb 539608 SHA256:ab
        'http://mirror.example/debian/pool/main/k/keystone/keystone_27.0.0-3.dsc' keystone_27.0.0-3.dsc 4711 SHA256:cd
        """;

    [Fact]
    public void The_packages_are_those_that_apt_would_download()
    {
        var packages = AptPackage.Parse(Printed);
        Assert.Equal(
        [
            new("python3-keystone", "2:27.0.0-3+deb13u6", "all", "python3-keystone_2%3a27.0.0-3+deb13u6_all.deb",
                745_644),
            new AptPackage("uwsgi-core", "2.0.28-9", "amd64", "uwsgi-core_2.0.28-9_amd64.deb", 539_608),
        ], packages);
        Assert.Equal("python3-keystone=2:27.0.0-3+deb13u6", packages[0].Request);
    }

    [Fact]
    public void What_apt_says_of_a_download_is_counted_file_by_file()
    {
        var messages = new AptMessages();
        messages.Read("Hit:1 http://mirror.example/debian trixie-updates InRelease");
        messages.Read("Get:2 http://mirror.example/debian trixie InRelease [140 kB]");
        Assert.Equal((140_000, 0), (messages.Transfer.Expected(), messages.Transfer.Moved()));
        messages.Read("Get:3 http://mirror.example/debian trixie/main amd64 Packages [9,669 kB]");
        Assert.Equal((9_809_000, 140_000), (messages.Transfer.Expected(), messages.Transfer.Moved()));
        messages.Read("Get:4 http://mirror.example/debian forky/main amd64 cosign amd64 3.1.1-2 [17.7 MB]");
        messages.Read("Fetched 27.5 MB in 3s (9,170 kB/s)");
        Assert.Equal((27_509_000, 27_509_000), (messages.Transfer.Expected(), messages.Transfer.Moved()));
    }

    [Fact]
    public void What_was_there_before_a_download_does_not_count()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("a_1_all.deb", "1234");
        var transfer = AptArchive.TransferOf(
            [new("a", "1", "all", "a_1_all.deb", 10), new("b", "1", "all", "b_1_all.deb", 20)], directory.Path);
        Assert.Equal((26, 0), (transfer.Expected(), transfer.Moved()));
        directory.Write("b_1_all.deb", "12345678");
        Assert.Equal(8, transfer.Moved());
    }
}
