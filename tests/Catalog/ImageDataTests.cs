using System.Text.RegularExpressions;
using OpenStack.Catalog;

namespace OpenStack.Tests.Catalog;

/// <summary>
/// What can be said of this repository's images without building them, above all for distributions that are not at
/// hand.
/// </summary>
public partial class ImageDataTests
{
    static readonly string[] s_platforms = ["platform:debian-trixie", "platform:ubuntu-noble"];

    static readonly ReleaseCatalog s_catalog = CatalogLoader.Load(RepositoryRoot.Path);

    [Fact]
    public void EveryProfileIsSomebodys()
    {
        var terms = s_catalog.SystemPackages.SelectMany(x => x.Selectors)
            .SelectMany(x => x.Terms)
            .Select(x => x.Profile)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.Equal(s_platforms, terms.Where(x => x.StartsWith("platform:", StringComparison.Ordinal)));
        string[] everybody = ["base", "build", "service"];
        var options = s_catalog.ImageData.SelectMany(x => x.Value.Options, (x, y) => ExtraPackages.ProfileOf(x.Key, y));
        var builds = s_catalog.ImageData.Where(x => x.Value.Kind == ImageKind.Native)
            .SelectMany(x => x.Value.Options.Select(y => ExtraPackages.ProfileOf(x.Key, y)).Prepend(x.Key))
            .Select(ReleaseCatalog.BuildProfileOf);
        Assert.Subset(everybody.Concat(s_catalog.Services).Concat(options).Concat(builds).ToHashSet(),
            terms.Where(x => !x.StartsWith("platform:", StringComparison.Ordinal)).ToHashSet());
        Assert.Superset(everybody.ToHashSet(), terms.ToHashSet());
    }

    [Fact]
    public void PackagesOfOnePurposeAreSortedAndNoneIsThereTwice()
    {
        var paragraphs = File.ReadAllText(RepositoryRoot.Path / "images/bindep.txt").Split("\n\n")
            .Select(x => x.Split('\n')
                .Where(line => line.Length > 0 && line[0] != '#')
                .Select(line => line.Split(' ')[0])
                .ToList())
            .ToList();
        Assert.All(paragraphs, x => Assert.Equal(x.Order(StringComparer.Ordinal), x));
        Assert.Equal(paragraphs.Sum(x => x.Count), paragraphs.SelectMany(x => x).Distinct().Count());
    }

    /// <summary>Names of other releases of Ubuntu, of Debian, and from before the transition to 64-bit time.</summary>
    [Theory]
    [InlineData("libldap-2.4-2", "libldap2")]
    [InlineData("libldap-2.5-0", "libldap2")]
    [InlineData("libmariadbclient-dev", "libmysqlclient-dev")]
    [InlineData("libev4", "libev4t64")]
    [InlineData("libpython3.12", "libpython3.12t64")]
    [InlineData("libpython3.13", "libpython3.12t64")]
    [InlineData("libssl3", "libssl3t64")]
    [InlineData("libz-dev", "zlib1g-dev")]
    public void NobleHasNoPackageOfThatName(string wrong, string right) =>
        Assert.All(s_catalog.Images,
            x => Assert.False(PackagesOf("ubuntu-noble", x).Contains(wrong), $"{x}: {wrong} is called {right} there"));

    [Theory]
    [InlineData("ubuntu-noble", "libpython3.12t64")]
    [InlineData("debian-trixie", "libpython3.13")]
    public void EveryImageWithUwsgiHasTheLibraryThatItIsLinkedWith(string platform, string library)
    {
        foreach (var service in s_catalog.Services.Where(x =>
            s_catalog.Releases.Values.Any(r => r.PackagesOf(x).PipPackages.Contains("uwsgi"))))
            Assert.Contains(library, PackagesOf(platform, service));
    }

    [Theory]
    [InlineData("cinder", "lvm2", "nvme-cli", "open-iscsi", "python3-rbd", "qemu-utils", "tgt")]
    [InlineData("glance", "python3-rados", "python3-rbd", "qemu-utils")]
    [InlineData("neutron", "conntrack", "dnsmasq-base", "haproxy", "iproute2", "ipset", "keepalived",
        "openvswitch-switch", "radvd")]
    [InlineData("nova", "ceph-common", "genisoimage", "multipath-tools", "nfs-common", "python3-libvirt",
        "qemu-utils", "sysfsutils")]
    public void TheCapabilitiesOfAServiceAreThereOnEveryPlatform(string service, params string[] packages)
    {
        foreach (var platform in s_platforms)
            Assert.Superset(packages.ToHashSet(), PackagesOf(platform["platform:".Length..], service).ToHashSet());
    }

    [Fact]
    public void EveryReleaseSaysHowItsServicesAreStarted()
    {
        foreach (var service in s_catalog.Services.Where(x => s_catalog.KindOf(x) == ImageKind.Python))
        {
            var dockerfile = File.ReadAllText(RepositoryRoot.Path / "images" / service / "Dockerfile");
            // What is not served by uWSGI is a script.
            if (!dockerfile.Contains("\"uwsgi\"", StringComparison.Ordinal))
            {
                foreach (var release in s_catalog.Releases.Values.Where(x => x.SourceRefs.ContainsKey(service)))
                {
                    Assert.Contains(release.EntryPointsOf(service)!.Scripts,
                        x => dockerfile.Contains($"[\"{x}\"", StringComparison.Ordinal));
                }

                continue;
            }

            var started = ModuleOption().Matches(dockerfile);
            Assert.NotEmpty(started);
            // A factory is called; what binds the application is in the entry points.
            var modules = started.Where(x => x.Groups["callable"].Value == "application")
                .Select(x => x.Groups["module"].Value)
                .ToList();
            foreach (var release in s_catalog.Releases.Values.Where(x => x.SourceRefs.ContainsKey(service)))
                Assert.Superset(modules.ToHashSet(), release.EntryPointsOf(service)!.Wsgi.ToHashSet());
        }
    }

    /// <summary>What is downloaded for one architecture only breaks the other.</summary>
    [Fact]
    public void NothingIsDownloadedWithoutItsArchitecture()
    {
        foreach (var file in Directory.EnumerateFiles(RepositoryRoot.Path / "images", "*", SearchOption.AllDirectories)
            .Where(x => !x.EndsWith(".yaml", StringComparison.Ordinal)))
        {
            Assert.All(File.ReadLines(file).Where(x => Url().IsMatch(x) && !x.TrimStart().StartsWith('#')),
                x => Assert.True(x.Contains("TARGETARCH", StringComparison.Ordinal), $"{file}: {x}"));
        }
    }

    static IReadOnlyList<string> PackagesOf(string platform, string image) =>
        s_catalog.SystemPackagesOf(platform, "service", image);

    [GeneratedRegex("\"--module\", \"(?<module>[^:\"]+):(?<callable>[^\"]+)\"")]
    private static partial Regex ModuleOption();

    [GeneratedRegex(@"\b(https?|ftp)://")]
    private static partial Regex Url();
}
