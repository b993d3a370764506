using OpenStack.Packages;
using OpenStack.Tests.Lab;


namespace OpenStack.Tests.Packages;

public sealed class AptSourceTests
{
    const string Deb822 = """
        # the system's own
        Types: deb deb-src
        # a snapshot
        URIs: http://mirror.example/debian/
        Suites: bookworm
         bookworm-updates
        Components: main non-free
        Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

        Types: deb
        URIs: http://mirror.example/debian-security
        Suites: bookworm-security
        Components: main

        Enabled: no
        Types: deb
        URIs: http://off.example/debian
        Suites: bookworm
        Components: main

        Types: deb-src
        URIs: http://source.example/debian
        Suites: bookworm
        Components: main
        """;

    const string List = """
        # deb http://commented.example/debian bookworm main
        deb [arch=amd64 signed-by=/a/b.gpg] http://mirror.example/debian bookworm contrib main # why
        deb-src http://mirror.example/debian bookworm main
        deb cdrom:[Debian]/ bookworm main
        deb http://other.example/tool stable stuff
        deb	http://mirror.example/debian	bookworm-backports	main
        """;

    [Fact]
    public void Deb822_stanzas_are_read_with_continuations_comments_and_switches() => Assert.Equal(
        [
            new AptSource("http://mirror.example/debian", "bookworm"),
            new AptSource("http://mirror.example/debian", "bookworm-updates"),
            new AptSource("http://mirror.example/debian-security", "bookworm-security"),
        ],
        AptSource.ParseDeb822(Deb822));

    [Fact]
    public void One_line_entries_are_read_without_options_discs_and_sources() => Assert.Equal(
        [
            new AptSource("http://mirror.example/debian", "bookworm"),
            new AptSource("http://mirror.example/debian", "bookworm-backports"),
        ],
        AptSource.ParseList(List));

    [Fact]
    public void Every_enabled_file_counts_and_no_other()
    {
        using var etc = new TemporaryDirectory();
        etc.Write("sources.list", "deb http://one.example/debian trixie main\n");
        etc.Write("sources.list.d/b.list", "deb http://two.example/debian trixie-security main\n");
        etc.Write("sources.list.d/a.sources", Deb822);
        etc.Write("sources.list.d/c.sources.disabled", Deb822);
        Assert.Equal(["one", "mirror", "mirror", "mirror", "two"],
            AptSource.ReadAll(etc.Path).Select(x => new Uri(x.Uri).Host.Split('.')[0]));
    }

    [Theory]
    [InlineData("bookworm", "")]
    [InlineData("stable", "")]
    [InlineData("bookworm-updates", "-updates")]
    [InlineData("stable-security", "-security")]
    [InlineData("bookworm-backports", null)]
    [InlineData("trixie", null)]
    [InlineData("nodistro", null)]
    public void A_suite_is_known_by_what_is_behind_the_release(string suite, string? suffix) =>
        Assert.Equal(suffix, new AptSource("http://mirror.example/debian", suite).Suffix("bookworm"));

    [Fact]
    public void The_same_mirrors_are_asked_for_another_release_once() => Assert.Equal(
        [
            new AptSource("http://a.example/debian", "trixie"),
            new AptSource("http://s.example/debian-security", "trixie-security"),
        ],
        AptSource.ForRelease(
            [
                new("http://a.example/debian", "bookworm"),
                new("http://s.example/debian-security", "bookworm-security"),
                new("http://b.example/debian", "stable"),
            ],
            "bookworm", "trixie"));
}
